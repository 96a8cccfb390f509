import { fileStore } from '../../../src/adapters/stores/file.js';

/** Creates the same names as its rivals, as fast as it can, and prints which of them it was given. */
const [root = '', count = '0', who = '', at = '0'] = process.argv.slice(2);
const store = await fileStore(root);
await new Promise((go) => setTimeout(go, Number(at) - Date.now()));
const won: number[] = [];
for (let i = 0; i < Number(count); i++)
  if ((await store.create(`runs/race/0_${i}`, new TextEncoder().encode(who))) === 'created') won.push(i);
console.log(JSON.stringify({ id: store.id, won }));
