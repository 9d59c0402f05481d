import { z } from 'zod';
import { Link, MadeLink, NewLink } from '../../api/index.js';
import { NotFound } from '../failures.js';
import { type Route, route } from '../route.js';
import type { Visitor, Visitors } from '../visitors.js';

const linkOf = ({ id, name, access, since }: Visitor): Link => ({ id, name, access, since });

/** Links for looking only, which users hand on and take back. They end with the server. */
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
      const { visitor, token } = visitors.invite(body.name, 'view');
      return { ...linkOf(visitor), url: `${origin}/?token=${token}` };
    },
  ),
  route(
    {
      method: 'delete',
      path: '/links/{link}',
      summary: 'Take back a link for looking; what is open by it ends',
      params: z.object({ link: z.string().regex(/^[0-9a-f]{12}$/) }),
      reply: 'none',
    },
    async ({ params }) => {
      const known = visitors.list().find((v) => v.id === params.link && v.access === 'view');
      if (!known || !visitors.revoke(known.id)) throw new NotFound('there is no such link');
    },
  ),
];
