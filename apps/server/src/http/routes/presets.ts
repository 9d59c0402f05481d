import { z } from 'zod';
import { ListedPreset, PresetFile } from '../../api/index.js';
import { NotFound } from '../failures.js';
import { type Route, route } from '../route.js';
import type { Services } from '../services.js';

const OfPreset = z.object({
  kind: z.enum(['engine', 'policy', 'refinement', 'export']),
  name: z.string().min(1).max(80),
});

/** Choices that the user keeps under names. */
export const presetRoutes = ({ presets }: Pick<Services, 'presets'>): readonly Route[] => [
  route(
    {
      method: 'get',
      path: '/presets',
      summary: "Presets of the program's own and of the user",
      editors: true,
      reply: z.array(ListedPreset),
    },
    () => presets.list(),
  ),
  route(
    {
      method: 'post',
      path: '/presets',
      summary: 'Keep presets: one, or a file of them that was handed on; those of the same kind and name are replaced',
      body: PresetFile,
      reply: z.array(ListedPreset),
    },
    async ({ body }) => {
      await presets.keep(body.presets);
      return presets.list();
    },
  ),
  route(
    {
      method: 'delete',
      path: '/presets/{kind}/{name}',
      summary: 'Take a preset away',
      params: OfPreset,
      reply: 'none',
    },
    async ({ params }) => {
      if (!(await presets.remove(params.kind, params.name))) throw new NotFound('there is no such preset of yours');
    },
  ),
];
