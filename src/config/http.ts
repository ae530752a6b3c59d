import { z } from 'zod'
import {
  apiKeys,
  certificateFile,
  hostName,
  httpsUrl,
  integer,
  keyFile,
  nameList,
  originList,
} from './kinds.ts'
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
  adminKey: secret(
    'AGENT_MEMORY_HTTP_ADMIN_KEY',
    'A key that may everything, for the first grants; at least 16 characters',
    '',
    z
      .string()
      .regex(/^\S{16,}$/, 'expected at least 16 characters without blanks')
      .optional(),
  ),
  tlsCert: setting(
    'AGENT_MEMORY_HTTP_TLS_CERT',
    'File with the certificate and its chain (PEM), for https without a proxy; read again when it is renewed',
    '',
    certificateFile().optional(),
  ),
  tlsKey: setting('AGENT_MEMORY_HTTP_TLS_KEY', 'File with its private key (PEM)', '', keyFile().optional()),
  oauthIssuer: setting(
    'AGENT_MEMORY_HTTP_OAUTH_ISSUER',
    'Who issues access tokens (JWT) that are taken beside keys, exactly as its tokens name it (iss)',
    '',
    httpsUrl().optional(),
  ),
  oauthAudience: setting(
    'AGENT_MEMORY_HTTP_OAUTH_AUDIENCE',
    'What tokens must be made for (aud): the address of this server as clients have it, e.g. https://memory.example.com/mcp',
    '',
    httpsUrl().optional(),
  ),
  oauthJwksUrl: setting(
    'AGENT_MEMORY_HTTP_OAUTH_JWKS_URL',
    'Where the issuer has its public keys; else its own metadata say it',
    '',
    httpsUrl().optional(),
  ),
  oauthAgentClaim: setting(
    'AGENT_MEMORY_HTTP_OAUTH_AGENT_CLAIM',
    'The claim of a token that names the agent',
    'sub',
    z.string().min(1).max(100).default('sub'),
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
