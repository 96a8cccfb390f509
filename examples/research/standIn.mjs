import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { program } from '../../dist/cli/program.js';
import { readConfig } from '../../dist/config.js';
import { stopSupervisor } from '../../dist/temporal/bringUp.js';
import { serve } from './simulated.mjs';

/**
 * `node run.mjs [options of muster run]`, or any other command of muster, such as `node run.mjs result RUN --markdown`.
 * Models are asked where OPENAI_API_KEY or OPENAI_BASE_URL is set. Else a stand-in answers: it is up as long as this
 * command, with a Muster of its own whose worker knows it.
 * @param plan URL of the plan that is run where no other command is given
 * @param stand `{name, says, home, answer}`: see simulated.mjs; `says` what it does, `home` what its folder of state ends in
 */
export async function runWith(plan, stand) {
  const args = process.argv.slice(2);
  const command = args[0] && !args[0].startsWith('-') ? args : ['run', fileURLToPath(plan), ...args];
  const muster = () => program([...process.argv.slice(0, 2), ...command]);
  const { OPENAI_API_KEY: key, OPENAI_BASE_URL: address } = process.env;
  process.exitCode = key || address ? await muster() : await simulated(muster, stand);
}

async function simulated(muster, stand) {
  const home = `${readConfig().home}-${stand.home}`;
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const model = await upAt(join(home, 'model-port'), stand);
  for (const name of Object.keys(process.env)) if (name.startsWith('TEMPORAL_')) delete process.env[name];
  Object.assign(process.env, { MUSTER_HOME: home, OPENAI_BASE_URL: model.url });
  console.error(`OPENAI_API_KEY is not set: a stand-in answers, which ${stand.says}.`);
  try {
    return await muster();
  } finally {
    await stopSupervisor(readConfig());
    model.close();
  }
}

/** Always at the same port: a run that was left goes on when the stand-in is back. */
async function upAt(file, stand) {
  try {
    const model = await serve(known(file), stand);
    writeFileSync(file, `${model.port}`);
    return model;
  } catch (error) {
    console.error(
      `The stand-in cannot be started (${error.message}). Is this running twice? ${file} names its port.`,
    );
    process.exit(1);
  }
}

function known(file) {
  try {
    return Number(readFileSync(file, 'utf8'));
  } catch {
    return 0;
  }
}
