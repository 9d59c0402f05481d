// Pulls one model in a process of its own and prints every event as a line of JSON. Arguments: folder, address, card as JSON.
import { openHub } from '@rotokit/hub';

const [folder, base, card] = process.argv.slice(2);
const hub = openHub({ folder, base, cards: [JSON.parse(card)], pause: 1, patience: 2000 });
for await (const event of hub.pull(JSON.parse(card).name)) process.stdout.write(`${JSON.stringify(event)}\n`);
