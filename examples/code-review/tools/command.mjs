import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The script of a linter that is installed as a package. */
export const commandOf = (packageName, bin) =>
  join(dirname(createRequire(import.meta.url).resolve(`${packageName}/package.json`)), 'bin', bin);

/**
 * What a linter prints as JSON. Its exit code says only whether there are findings, so it is not looked at.
 * @throws Error with the first line of what the linter says where it prints no JSON.
 */
export const reportOf = (script, args, cwd) =>
  new Promise((resolve, reject) => {
    execFile(process.execPath, [script, ...args], { cwd, maxBuffer: 64e6 }, (error, stdout, stderr) => {
      try {
        resolve(JSON.parse(stdout));
      } catch {
        reject(new Error((stdout || stderr || String(error)).trim().split('\n')[0]));
      }
    });
  });
