import { writeFileSync } from 'node:fs';
import { convert, unitsOf } from './src/convert.mjs';

const [first, ...rest] = process.argv.slice(2);
if (first === '--usage') {
  const lines = Object.entries(unitsOf()).map(([quantity, units]) => `- ${quantity}: ${units.join(', ')}`);
  writeFileSync('USAGE.md', `# node main.mjs 3km mi\n\n${lines.join('\n')}\n`);
  console.log(`${lines.length} quantities`);
} else if (first) console.log(convert(first, ...rest));
else console.error('node main.mjs 3km mi');
