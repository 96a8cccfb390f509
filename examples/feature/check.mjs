import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * Runs the tests of the working folder, and prints `{tests: {passed, failed, said}, files: [{path, content}]}`.
 * Tests and what they test were written by a model: Node lets them read this folder, and neither write, nor start a process, nor see
 * the environment. It does not keep them off the network.
 */
const LONGEST_MS = 60_000;
const MOST = 4000;
const here = realpathSync('.');
const PERMISSION = process.allowedNodeEnvironmentFlags.has('--permission')
  ? '--permission'
  : '--experimental-permission';

const below = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
const files = ['src', 'test', 'docs'].flatMap(below).sort();

function run(file) {
  const flags = [PERMISSION, `--allow-fs-read=${join(here, '*')}`, '--no-warnings', '--test-reporter=tap'];
  const options = { env: {}, encoding: 'utf8', timeout: LONGEST_MS, killSignal: 'SIGKILL' };
  const { status, stdout, stderr } = spawnSync(process.execPath, [...flags, join(here, file)], options);
  const count = (what) => Number(new RegExp(`^# ${what} (\\d+)$`, 'm').exec(stdout)?.[1] ?? 0);
  const failed = count('fail');
  // A file that cannot be loaded has no test that could fail.
  return {
    passed: count('pass'),
    failed: status === 0 ? failed : Math.max(1, failed),
    said: stdout + stderr,
  };
}

const ran = files.filter((file) => file.endsWith('.test.mjs')).map(run);
const sum = (what) => ran.reduce((all, one) => all + one[what], 0);
// What differs from run to run is left out: the same work is to give the same answer.
const steady = (text) =>
  [pathToFileURL(here).href, here]
    .reduce((all, place) => all.replaceAll(place, '.'), text)
    .replace(/^.*duration_ms.*\n/gm, '');
const said = ran.flatMap((one) => (one.failed > 0 ? [steady(one.said)] : [])).join('\n');
console.log(
  JSON.stringify({
    tests: { passed: sum('passed'), failed: sum('failed'), said: said.slice(0, MOST) },
    files: files.map((path) => ({ path, content: readFileSync(path, 'utf8') })),
  }),
);
