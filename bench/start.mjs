/**
 * From nothing running to a result: `muster run` of one brief, with the server's binary in place and neither server nor
 * worker alive. A new home each time, so that the server makes its file too.  node bench/start.mjs [rounds]
 */
import { spread } from './figures.mjs';
import { product } from './product.mjs';

const rounds = Number(process.argv[2] ?? 7);
const seconds = [];
for (let round = 0; round < rounds; round++) {
  const { write, muster, close } = product();
  const plan = write('one.json', {
    muster: 1,
    name: 'one',
    brief: 'Say hello.',
    briefs: [{ id: 'hello', run: ['echo', 'hello'] }],
  });
  seconds.push(muster('run', plan).seconds);
  muster('dev', '--stop');
  close();
}
console.log(`nothing running to the report of one brief: ${spread(seconds, 's')}, ${rounds} rounds`);
