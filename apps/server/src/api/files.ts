import { z } from 'zod';

/** A file or folder that can be opened here. */
export const FileEntry = z.object({
  name: z.string(),
  path: z.string(),
  kind: z.enum(['folder', 'clip', 'project']),
});
/** See the schema of the same name. */
export type FileEntry = z.infer<typeof FileEntry>;

/** What lies in a folder: folders, clips and projects, by name. */
export const FolderListing = z.object({
  path: z.string(),
  /** The folder above, where it is open too. */
  parent: z.string().optional(),
  entries: z.array(FileEntry),
});
/** See the schema of the same name. */
export type FolderListing = z.infer<typeof FolderListing>;

/** What to open: a clip or a project within the opened folders. */
export const OpenRequest = z.object({ path: z.string().min(1).max(4096) });
/** See the schema of the same name. */
export type OpenRequest = z.infer<typeof OpenRequest>;

/** An open project. */
export const OpenedProject = z.object({ id: z.string(), shot: z.string(), path: z.string() });
/** See the schema of the same name. */
export type OpenedProject = z.infer<typeof OpenedProject>;

/** What the page asks for first. */
export const Session = z.object({
  version: z.string(),
  folders: z.array(z.string()),
  projects: z.array(OpenedProject),
  /** What was open lately and can be opened here, the latest first. */
  recent: z.array(FileEntry),
  /** Whom the address was given to, and whether they may change anything. */
  visitor: z.object({ name: z.string(), access: z.enum(['edit', 'view']) }),
  /** What an export can write. */
  formats: z.array(z.string()),
});
/** See the schema of the same name. */
export type Session = z.infer<typeof Session>;
