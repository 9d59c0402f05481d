import { storeContract } from '@rotokit/core/contracts/store';
import { MemoryProject } from '@rotokit/core/fakes';

storeContract('the store in memory', () => {
  let project: MemoryProject;
  return {
    create: async (records) => (project = new MemoryProject(records)).open(),
    open: async (access) => project.open(access),
  };
});
