import { fileStore } from '../../../src/adapters/stores/file.js';

/**
 * Goes through the same names as its rivals, as fast as it can, and prints what came of each. `create`: creates them;
 * `remove`: takes away what nobody has answered for since the given time; `remove-back`: the same from the last to the first.
 */
const [root = '', count = '0', what = '', at = '0', since = '0'] = process.argv.slice(2);
const store = await fileStore(root);
await new Promise((go) => setTimeout(go, Number(at) - Date.now()));
const came: unknown[] = [];
for (let n = 0; n < Number(count); n++) {
  const i = what === 'remove-back' ? Number(count) - 1 - n : n;
  const name = `blobs/${i % 7}/${i}`;
  if (what !== 'create') came.push(await store.remove(name, Number(since)));
  else {
    const said = await store.create(name, new TextEncoder().encode(name));
    came.push((await store.read(name))?.length === name.length ? said : 'lost');
  }
}
console.log(JSON.stringify(came));
