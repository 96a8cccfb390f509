/** `muster plan` on 1,000 briefs in 100 layers of ten: the whole command, node's own start included.  node bench/plan.mjs [rounds] */
import { spread } from './figures.mjs';
import { product } from './product.mjs';

const rounds = Number(process.argv[2] ?? 7);
const { write, muster, close } = product();
const plan = write('layers.json', {
  muster: 1,
  name: 'layers',
  brief: 'Look at everything, layer by layer.',
  briefs: Array.from({ length: 1000 }, (_, u) => ({
    id: `b${u}`,
    run: ['node', '-e', 'console.log(process.argv[1])', `${u}`],
    ...(u >= 10 && { needs: [`b${u - 10}`, ...(u % 10 > 0 ? [`b${u - 11}`] : [])] }),
  })),
});
const seconds = Array.from({ length: rounds }, () => muster('plan', plan).seconds);
console.log(`muster plan, 1,000 briefs: ${spread(seconds, 's')}, ${rounds} rounds`);
close();
