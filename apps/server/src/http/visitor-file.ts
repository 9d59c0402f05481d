import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { JsonFile } from '../user/json-file.js';

/** An invitation as it is written down: the digest of its token, never the token. */
const KeptVisitor = z.object({
  id: z.string().regex(/^[0-9a-f]{12}$/),
  name: z.string().max(40),
  access: z.enum(['edit', 'view']),
  since: z.number(),
  until: z.number(),
  /** SHA-256 of the token, base64. */
  digest: z.string().length(44),
});
/** See the schema of the same name. */
export type KeptVisitor = z.infer<typeof KeptVisitor>;

const Visitors = z.object({ version: z.literal(1), visitors: z.array(KeptVisitor).max(512) });

/** The invitations that outlive the server. */
export type VisitorFile = JsonFile<z.infer<typeof Visitors>>;

/** Read and written by its owner only. */
const PRIVATE = 0o600;

/** The file of the invitations to what is served from a folder, among the user's own choices. */
export function visitorFile(config: string, folder: string): VisitorFile {
  const key = createHash('sha256').update(folder).digest('hex').slice(0, 12);
  return new JsonFile(join(config, `visitors-${key}.json`), Visitors, { version: 1, visitors: [] }, PRIVATE);
}
