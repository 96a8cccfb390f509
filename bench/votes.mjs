/**
 * How many samples votes save by stopping, and how often the answer stays that of the whole vote: in a seeded world, and over
 * the answers of four models to real questions where MUSTER_DATA names them.  [MUSTER_DATA=…] node bench/votes.mjs [questions]
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { standing } from '../dist/core/integrate/vote.js';

const questions = Number(process.argv[2] ?? 2_000);
const STOPS = ['never', 'early', 0.95, 0.99];
const vote = (samples, stop, tie = 'first') => ({ samples, stop, tie, match: 'normalised', parallel: 1 });

/** Asks one after the other until the vote is closed. */
function held(values, stop) {
  const ballots = [];
  for (const value of values) {
    ballots.push({ n: ballots.length + 1, ...(value !== undefined && { value }) });
    const { closed } = standing(vote(values.length, stop), ballots);
    if (closed) return { asked: ballots.length, winner: closed.winner?.value };
  }
}

function table(title, sets) {
  console.log(`\n${title}`);
  const whole = sets.map((values) => held(values, 'never').winner);
  for (const stop of STOPS) {
    const all = sets.map((values) => held(values, stop));
    const asked = all.reduce((sum, one) => sum + one.asked, 0);
    const most = sets.reduce((sum, values) => sum + values.length, 0);
    const same = all.filter(({ winner }, q) => winner === whole[q]).length;
    console.log(
      `  stop: ${String(stop).padEnd(6)} ${(asked / sets.length).toFixed(1).padStart(5)} samples a vote, ${((1 - asked / most) * 100).toFixed(1)} % saved, ${((same / sets.length) * 100).toFixed(2)} % the same answer`,
    );
  }
}

let seed = 20_260;
const luck = () => {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
  return seed / 2 ** 32;
};
/** A question has one answer that is likelier the easier it is, three others, and now and then no answer. */
function sampled(samples) {
  const sure = 0.25 + 0.75 * luck() ** 0.5;
  return Array.from({ length: samples }, () => {
    if (luck() < 0.03) return undefined;
    return luck() < sure ? 'right' : ['a', 'b', 'c'][Math.floor(3 * luck() ** 2)];
  });
}
for (const samples of [5, 9, 20, 40])
  table(
    `${questions.toLocaleString('en')} questions of a seeded world, up to ${samples} samples each`,
    Array.from({ length: questions }, () => sampled(samples)),
  );

const file = join(process.env.MUSTER_DATA ?? '', 'votes/gsm8k-four-models.json');
if (existsSync(file)) {
  const real = JSON.parse(readFileSync(file, 'utf8'));
  const sets = real.map(({ answers }) => Object.values(answers));
  table(`${real.length.toLocaleString('en')} questions of GSM8K, the answers of four models`, sets);
  const right = (one) => ((real.filter(one).length / real.length) * 100).toFixed(1);
  const models = Object.keys(real[0].answers).map(
    (model) => `${model} ${right(({ correct }) => correct[model])} %`,
  );
  const voted = right(({ gold, answers }) => held(Object.values(answers), 'never').winner === gold);
  console.log(`  right: ${models.join(', ')}; by vote, ties to the first ${voted} %`);
} else console.log('\nMUSTER_DATA is not set: the answers of real models were skipped.');
