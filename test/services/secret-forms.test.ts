import { describe, expect, test } from 'vitest'
import { AppError } from '../../src/domain/errors.ts'
import { SecretGuard } from '../../src/services/secrets/secret-guard.ts'

// What issuers give out and where it is written down. All are made up, put together so that a scanner of repositories passes them over.

const MIXED = 'aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0eF3hJ6kL9nP2rS5uV8xA1'.repeat(4)
const HEX = '4ff328908177cfb294e9f68e193ec442'.repeat(5)
const UPPER = 'Q7XK2M4RJ3TZ6WVB'.repeat(4)
const UUID = `${HEX.slice(0, 8)}-${HEX.slice(8, 12)}-4${HEX.slice(12, 15)}-8${HEX.slice(15, 18)}-${HEX.slice(0, 12)}`
const mixed = (length: number) => MIXED.slice(0, length)
const hex = (length: number) => HEX.slice(0, length)
const base64 = (text: string) => Buffer.from(text).toString('base64')
const of = (...parts: readonly string[]) => parts.join('')

const ISSUED: readonly (readonly [issuer: string, token: string])[] = [
  ['AWS', of('ASIA', UPPER.slice(0, 16))],
  ['AWS Bedrock', of('ABSK', mixed(110))],
  ['GitHub', of('ghs', '_', mixed(36))],
  ['GitHub, fine-grained', of('github', '_pat_', mixed(22), '_', mixed(59))],
  ['GitLab, routable', of('glpat', '-', mixed(27), '.01.', mixed(9))],
  ['GitLab OAuth', of('gloas', '-', hex(64))],
  ['GitLab runner', of('GR13489', '41', mixed(20))],
  ['Slack browser', of('xoxc', '-976897660926-879887128824-', hex(64))],
  ['Slack app', of('xapp', '-1-A012345-1234567890123-', hex(64))],
  ['Slack workflow', of('https://hooks.slack.com/', 'workflows/T01AAAAAA/A01AAAAAAAA/123456789/', mixed(24))],
  ['Discord hook', of('https://discord.com/api/', 'webhooks/435314296461005968/', mixed(68))],
  ['Stripe restricted', of('rk', '_live_', mixed(24))],
  ['OpenAI, older', of('sk', '-', mixed(48))],
  ['OpenAI admin', of('sk', '-admin-', mixed(60))],
  ['Anthropic admin', of('sk', '-ant-admin01-', mixed(93))],
  ['OpenRouter', of('sk', '-or-v1-', hex(64))],
  ['Google OAuth', of('GOCS', 'PX-', mixed(28))],
  ['Azure AD', of('NKb', '8Q~', mixed(34))],
  ['Azure signature', of('https://a.blob.core.windows.net/c?sv=2022&si', 'g=', mixed(43), '%3D')],
  ['RubyGems', of('rubygems', '_', hex(48))],
  ['Twilio', of('SK', hex(32))],
  ['Mailchimp', of(hex(32), '-us', '12')],
  ['Notion', of('ntn', '_', mixed(46))],
  ['Airtable', of('pat', mixed(14), '.', hex(64))],
  ['Atlassian', of('ATA', 'TT3xFfGF0', mixed(120), '=', hex(8).toUpperCase())],
  ['Postman', of('PMA', 'K-', hex(24), '-', hex(34))],
  ['Doppler', of('dp', '.st.prd.', mixed(43))],
  ['Pulumi', of('pul', '-', hex(40))],
  ['Terraform', of(mixed(14), '.atlas', 'v1.', mixed(67))],
  ['Sentry', of('sntr', 'yu_', hex(64))],
  ['New Relic', of('NRA', 'K-', UPPER.slice(0, 27))],
  ['Fly.io', of('fm', '2_', mixed(120))],
  ['Supabase', of('sbp', '_', hex(40))],
  ['PlanetScale', of('pscale', '_tkn_', mixed(43))],
  ['Perplexity', of('pplx', '-', mixed(48))],
  ['Replicate', of('r8', '_', mixed(37))],
  ['LangSmith', of('lsv2', '_pt_', hex(32), '_', hex(10))],
  ['Telegram', of('1234567890', ':AA', mixed(33))],
  ['Telegram, in an address', of('https://api.telegram.org/bot', '1234567890', ':AA', mixed(33), '/getMe')],
  ['a key that this program makes', of('am', '_', mixed(43))],
  ['one that begins with a sign', of('am', '_-', mixed(42))],
  ['1Password', of('A3', '-Q7XK2M-4RJ3TZ6WVBQ-7XK2M-4RJ3T-Z6WVB')],
]

const WRITTEN: readonly (readonly [where: string, text: string])[] = [
  ['.npmrc', of('//registry.npmjs.org/:_auth', 'Token=', UUID)],
  ['.netrc', of('machine api.example.com login bob pass', 'word rY3SdxNtZNB4gc')],
  ['.pgpass', of('db.example.com:5432:app:', 'appuser:iv7YUbWa9Afh')],
  ['docker config', of('{"auths": {"ghcr.io": {"au', 'th": "', base64('bob:s3cr3tPW9'), '"}}}')],
  ['kubeconfig', of('client-key-data: ', base64(of('-----BEGIN RSA PRIV', `ATE KEY-----\n${mixed(64)}\n`)))],
  ['a quoted key', of('> -----BEGIN PRIV', `ATE KEY-----\n> ${mixed(64)}\n> -----END PRIVATE KEY-----`)],
  ['a key in code', of('"-----BEGIN PRIV', `ATE KEY-----\\n" +\n  "${mixed(64)}\\n"`)],
  ['a key of PuTTY', of('PuTTY-User-Key', `-File-3: ssh-rsa\nPrivate-Lines: 1\n${mixed(44)}\n`)],
  ['a JSON web key', of('{"kty":"RSA","e":"AQAB","', `d":"${mixed(80)}"}`)],
  ['a lower-case header', of('authorization: bea', 'rer ', mixed(32))],
  ['a header of its own', of('X-Auth-To', 'ken: ', hex(40))],
  ['curl', of('curl -u bob:', 'Js1BaDQgYWFX https://api.example.com')],
  ['psql', of('PGPASS', 'WORD=kc7xRHJEzzYo psql -h db -U app')],
  ['redis-cli', of('redis-cli -h cache -a ', 'Q8xDIwXU0SkUyFgd')],
  ['a flag', of('tool login --to', 'ken ', mixed(32))],
  ['a token as user', of('https://', hex(40), '@github.com/a/b.git')],
  ['an @ in a password', of('redis://:p@ss', '17word@cache:6379')],
  ['a quoted password', of('Server=db;User Id=sa;Pass', 'word="a b7XaerlHJ";')],
  ['a sentence', of('The API key is ', mixed(32))],
  ['a sentence without a verb', of('The access token ', mixed(40), ' still works')],
  ['Markdown', of('**API key**: `', mixed(32), '`')],
  ['brackets', of('(DB_PASS', 'WORD=Nbo7Xmic3mbQGiSF)')],
  ['an identifier as key', of('HEROKU_API', '_KEY=', UUID)],
  ['Django', of("SECRET_KEY = 'django-in", "secure-yt1er3xces5wym8wsafmcu1bhd'")],
]

const HARMLESS: readonly string[] = [
  'postgres://USERNAME:PASSWORD@HOST:PORT/DATABASE and postgres://user:pass@host/db',
  'postgres://app:<password>@db and postgres://app:$' + '{DB_PASSWORD}@db and postgres://app:xxx@db',
  'postgres://app:your-password@db, postgres://app:PASSWORD_HERE@db, postgres://app:REDACTED@db',
  'postgres://postgres:postgres@localhost:5432/postgres and amqp://guest:guest@mq:5672/',
  'https://user:token@github.com/a/b.git, https://$' +
    '{GITHUB_TOKEN}@github.com/a/b, https://user@host:8080/path',
  'git@github.com:owner/repo.git, ssh://git@github.com:22/owner/repo.git, http://localhost:3000/users/@me',
  'Authorization: Bearer YOUR_API_TOKEN_HERE, Authorization: Bearer {{access_token}}, Bearer $TOKEN',
  'Bearer authentication-scheme-of-rfc6750 is used',
  of('gh', `p_${'x'.repeat(36)} and gh`, `p_${'X'.repeat(36)} and gh`, `p_your_token_here`),
  of(
    'gl',
    `pat-${'x'.repeat(20)}, sk_li`,
    `ve_${'x'.repeat(24)}, sk-ant-${'x'.repeat(40)}, AK`,
    `IA${'X'.repeat(16)}`,
  ),
  of('xox', 'b-your-token and https://hooks.slack.com/services/T00000000/B00000000/', 'X'.repeat(24)),
  'sk-learn-pipeline-cache-invalidation-v2-of-2024 and npm_config_registry and npm_package_version',
  'API_KEY=your-api-key-1, OPENAI_API_KEY=sk-..., AWS_SECRET_ACCESS_KEY=YOUR_SECRET_ACCESS_KEY',
  "apiKey: process.env['OPENAI_API_KEY_V2'], token = await getAccessTokenV2(user), secret: $" +
    '{{ secrets.NPM_TOKEN }}',
  'token: JsonWebTokenV2, secret: KubernetesSecretStoreV1Beta1, passwordEncoder: BCryptPasswordEncoder10',
  'arn:aws:secretsmanager:us-east-1:123456789012:secret:prod/db-AbCdEf',
  'op://Private/Deploy2024/password and secret: projects/123456/secrets/NpmToken/versions/3',
  `the token refresh was fixed in ${hex(40)}; cache key: ${hex(32)}; session_id: ${UUID}`,
  `image: nginx@sha256:${hex(64)}`,
  `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${mixed(43)} bob@host`,
  '-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----',
  of('-----BEGIN CERTIFICATE-----\n', mixed(64), '\n-----END CERTIFICATE-----'),
  `client-certificate-data: ${base64(`-----BEGIN CERTIFICATE-----\n${mixed(64)}\n`)}`,
  of('pk_li', 've_51H8xk2abcdEFGHijklMNOPqrstuv is publishable; price_1MoBy5LkdIwHu7ixZhnattbh'),
  'mysql -u root -p app; curl -u user:password https://x; curl -u "$USER:$PASS" https://x; --password-stdin',
  'src/services/token/writes.ts:42:10 calls getUserByEmailAndPasswordResetTokenV2',
]

const refusing = new SecretGuard('refuse')
const masking = new SecretGuard('mask')

describe.each([...ISSUED, ...WRITTEN])('%s', (_, secret) => {
  const IN = [
    `For us: ${secret}`,
    `Use this.\n${secret}\nIt works.`,
    `(${secret})`,
    `\`${secret}\``,
    `${secret}.`,
  ]

  test.each(IN)('is refused in %j', async (content) => {
    const answer = await refusing.admit({ content }).catch((error: unknown) => error)
    expect(answer).toBeInstanceOf(AppError)
    expect(answer).toMatchObject({ errorName: 'SECRET_REFUSED' })
  })

  test('is masked, and nothing is left to refuse', async () => {
    const { value, masked } = await masking.admit({ content: `Before ${secret} after.` })
    expect(masked.length).toBeGreaterThan(0)
    expect(value.content).toMatch(
      /^Before [\s\S]*masked\][\s\S]*after\.$|^Before [\s\S]*\[private key masked\]/,
    )
    expect((await refusing.admit(value)).value).toBe(value)
  })
})

test.each(HARMLESS)('is none: %s', async (content) => {
  for (const text of [content, `We decided: ${content} (see the wiki).`, `\`${content}\``])
    expect((await refusing.admit({ content: text })).masked).toEqual([])
})

test('keeps no marks of the texts that it went through', async () => {
  const count = () => performance.getEntriesByType('mark').length
  const before = count()
  await masking.admit({ content: `${ISSUED[2]?.[1]} and ${WRITTEN[1]?.[1]}` })
  expect(count()).toBe(before)
})
