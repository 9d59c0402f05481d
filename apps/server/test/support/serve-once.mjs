// A studio in a process of its own, for tests that kill it: options as JSON in the first argument; prints its address and serves.
import { startStudio } from '@rotokit/server';

const studio = await startStudio(JSON.parse(process.argv[2]));
process.stdout.write(`${studio.url}\n`);
process.on('SIGINT', () => void studio.close().then(() => process.exit(0)));
