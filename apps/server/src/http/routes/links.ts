import { z } from 'zod';
import { Link, MadeLink, NewLink } from '../../api/index.js';
import { NotFound } from '../failures.js';
import { type Route, route } from '../route.js';
import type { Visitor, Visitors } from '../visitors.js';

const linkOf = ({ id, name, access, since, until }: Visitor): Link => ({
  ...{ id, name, access, since },
  ...(until === undefined ? {} : { until }),
});

/** Links for looking only, which users hand on and take back; and who else may edit. */
export const linkRoutes = (visitors: Visitors): readonly Route[] => [
  route({ method: 'get', path: '/links', summary: 'Who is invited', editors: true, reply: z.array(Link) }, async () =>
    visitors.list().map(linkOf),
  ),
  route(
    {
      method: 'post',
      path: '/links',
      summary: 'A link for looking only: open projects, their frames, masks and events',
      body: NewLink,
      reply: MadeLink,
    },
    async ({ body, origin }) => {
      const { visitor, token } = await visitors.invite(body.name, 'view');
      return { ...linkOf(visitor), url: `${origin}/?token=${token}` };
    },
  ),
  route(
    {
      method: 'delete',
      path: '/links/{link}',
      summary:
        'Take back a link for looking, or where links outlive the server another editor’s; what is open by it ends',
      params: z.object({ link: z.string().regex(/^[0-9a-f]{12}$/) }),
      reply: 'none',
    },
    async ({ params, visitor }) => {
      const may = ({ id, access }: Visitor) => access === 'view' || (visitors.kept && id !== visitor.id);
      const known = visitors.list().find((v) => v.id === params.link && may(v));
      if (!known || !(await visitors.revoke(known.id))) throw new NotFound('there is no such link');
    },
  ),
];
