import { z } from 'zod';
import type { OpenProject } from '../../projects/open-project.js';
import type { Registry } from '../../projects/registry.js';
import { NotFound } from '../failures.js';

/** The project of a path. */
export const OfProject = z.object({ project: z.string().regex(/^[0-9a-f]{12}$/) });
const id = z.string().min(1).max(200);
/** An object of a project. */
export const OfObject = OfProject.extend({ object: id });
/** A frame as shown; in a path, so a text. */
export const frameText = z
  .string()
  .regex(/^-?\d{1,9}$/)
  .transform(Number);
/** A version of a mask, as the state names it. */
export const versionText = z.string().regex(/^[\w./-]{1,300}$/);

/** The open project of a path. @throws NotFound */
export async function projectOf(registry: Registry, params: { readonly project: string }): Promise<OpenProject> {
  const project = await registry.get(params.project);
  if (!project) throw new NotFound('this project is not open');
  return project;
}
