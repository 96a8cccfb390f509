/**
 * What each rule comes to, written by hand from Airflow's published rules (its documentation, "Trigger rules"), and from
 * what Muster says of outcomes that Airflow does not have: `missing` satisfies all_done and none_failed, not all_success.
 *
 * `+` starts, `-` skipped (a hole), `o` not needed, `.` waits.
 */

/** One need, by how it ended. */
export const ONE = `
                             succeeded repaired partial missing failed refused cancelled over-budget not-reached skipped not-needed
all_success                      +        +        -       -      -       -        -          -           -         -        o
all_failed                       o        o        o       o      +       +        +          +           +         +        o
all_done                         +        +        +       +      +       +        +          +           +         +        +
all_done_min_one_success         +        +        -       -      -       -        -          -           -         -        o
all_skipped                      o        o        o       o      o       o        o          o           o         o        +
one_failed                       o        o        o       o      +       +        +          +           +         +        o
one_success                      +        +        -       -      -       -        -          -           -         -        o
one_done                         +        +        +       +      +       +        +          +           +         -        o
none_failed                      +        +        +       +      -       -        -          -           -         -        +
none_failed_min_one_success      +        +        -       -      -       -        -          -           -         -        o
none_skipped                     +        +        +       +      +       +        +          +           +         +        o
always                           +        +        +       +      +       +        +          +           +         +        +
`;

/** Two needs: S succeeded, M missing, F failed, U skipped for a failure (Airflow: upstream_failed), N not needed (skipped), ? not ended. */
export const TWO = `
                             SS SM SF SU SN MM MF MU MN FF FU FN UU UN NN S? M? F? U? N? ??
all_success                   +  -  -  -  o  -  -  -  -  -  -  -  -  -  o  .  .  .  .  .  .
all_failed                    o  o  o  o  o  o  o  o  o  +  +  o  +  o  o  .  .  .  .  .  .
all_done                      +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  .  .  .  .  .  .
all_done_min_one_success      +  +  +  +  +  -  -  -  -  -  -  -  -  -  o  .  .  .  .  .  .
all_skipped                   o  o  o  o  o  o  o  o  o  o  o  o  o  o  +  .  .  .  .  .  .
one_failed                    o  o  +  +  o  o  +  +  o  +  +  +  +  +  o  .  .  +  +  .  .
one_success                   +  +  +  +  +  -  -  -  -  -  -  -  -  -  o  +  .  .  .  .  .
one_done                      +  +  +  +  +  +  +  +  +  +  +  +  -  -  o  +  +  +  .  .  .
none_failed                   +  +  -  -  +  +  -  -  +  -  -  -  -  -  +  .  .  .  .  .  .
none_failed_min_one_success   +  +  -  -  +  -  -  -  -  -  -  -  -  -  o  .  .  .  .  .  .
none_skipped                  +  +  +  +  o  +  +  +  o  +  +  o  +  o  o  .  .  .  .  .  .
always                        +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +
`;

/** Cells by row and column. */
export function cells(table: string): readonly (readonly [row: string, column: string, sign: string])[] {
  const [head = '', ...rows] = table.trim().split('\n');
  const columns = head.trim().split(/\s+/);
  return rows.flatMap((row) => {
    const [name = '', ...signs] = row.trim().split(/\s+/);
    return signs.map((sign, n) => [name, columns[n]!, sign] as const);
  });
}
