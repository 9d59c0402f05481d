// Opens a project for writing, says so, and holds it until it is killed.
import { openRoto } from '@rotokit/store';

await openRoto(process.argv[2]);
console.log('holding');
setInterval(() => {}, 1000);
