import { apiKeys, hostName, integer, nameList, originList } from './kinds.ts'
import { type SettingGroup, secret, setting } from './setting.ts'

/** `config.http`: the port that `agent-memory serve` opens. */
export const HTTP = {
  host: setting(
    'AGENT_MEMORY_HTTP_HOST',
    'Address that serve listens on; any but a loopback one needs keys',
    '127.0.0.1',
    hostName().default('127.0.0.1'),
  ),
  port: setting(
    'AGENT_MEMORY_HTTP_PORT',
    'Its port; 0 for any free one',
    '8787',
    integer(0, 65_535).default(8787),
  ),
  apiKeys: secret(
    'AGENT_MEMORY_HTTP_API_KEYS',
    'Keys and whose they are, as key:agent_id,key:agent_id; beside those that "agent-memory key create" makes',
    '',
    apiKeys(),
  ),
  allowedHosts: setting(
    'AGENT_MEMORY_HTTP_ALLOWED_HOSTS',
    'Further names under which clients ask for it (Host), e.g. that of a proxy before it; without ports',
    '',
    nameList(),
  ),
  allowedOrigins: setting(
    'AGENT_MEMORY_HTTP_ALLOWED_ORIGINS',
    'Web pages of other hosts that may ask it, as https://host,https://host',
    '',
    originList(),
  ),
} as const satisfies SettingGroup
