import type { HttpServer, Json } from '../support/http.ts'

/** Asks as an agent does, over REST; throws where it is refused. */
export async function ask(
  server: Pick<HttpServer, 'address' | 'ask'>,
  line: string,
  body: Json = {},
  headers: Readonly<Record<string, string>> = {},
): Promise<Json> {
  const [method = 'GET', path = ''] = line.split(' ')
  const isRead = method === 'GET'
  const answer = await server.ask(path, {
    method,
    headers: { ...headers, ...(!isRead && { 'content-type': 'application/json' }) },
    ...(!isRead && { body: JSON.stringify(body) }),
  })
  if (answer.status >= 400) throw new Error(`${line}: ${JSON.stringify(answer.body)}`)
  return answer.body
}

/** A team at work: a project with memories, links, a lock, votes and an open conflict. */
export async function fillTeam(
  server: Pick<HttpServer, 'address' | 'ask'>,
): Promise<{ rule: string; conflict: string }> {
  const shop = await ask(server, 'POST /v1/scopes', {
    scope_type: 'project',
    name: 'web-shop',
    agent_id: 'ann',
  })
  const at = { scope_type: 'project', scope_id: shop['id'] }
  const rule = await ask(server, 'POST /v1/guidelines', {
    ...at,
    name: 'No force push',
    content: 'Never force-push to a shared branch.\nOpen a pull request instead.',
    tags: ['git'],
    rationale: 'Others lose their work.',
    agent_id: 'ann',
  })
  const fact = await ask(server, 'POST /v1/knowledge', {
    ...at,
    name: 'Why PostgreSQL',
    content: 'Because of transactional DDL.',
    tags: ['database'],
    agent_id: 'ann',
  })
  await ask(server, 'POST /v1/relations', {
    from_id: rule['id'],
    to_id: fact['id'],
    relation_type: 'relates_to',
    agent_id: 'ann',
  })
  const text = { content: 'Never force-push to any branch.\nOpen a pull request instead.' }
  await ask(server, `PATCH /v1/guidelines/${rule['id']}`, { ...text, base_version: 1, agent_id: 'ben' })
  const refused = await server.ask(`/v1/guidelines/${rule['id']}`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ content: 'Force-push with care.', base_version: 1, agent_id: 'cy' }),
  })
  const { error } = refused.body as { error: { details: { conflict_id: string } } }
  await ask(server, 'POST /v1/locks', {
    file_path: '/srv/shop/src/cart.ts',
    agent_id: 'ann',
    purpose: 'move the totals to cents',
    ttl_ms: 3_600_000,
  })
  for (const [agent_id, vote_value] of [
    ['ann', 'cents'],
    ['ben', 'cents'],
    ['cy', 'floats'],
  ])
    await ask(server, 'POST /v1/votes', { task_id: 'How to keep money', vote_value, agent_id })
  return { rule: String(rule['id']), conflict: error.details.conflict_id }
}
