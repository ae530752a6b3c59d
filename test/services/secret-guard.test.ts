import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { RULE_HINTS } from '../../src/services/secrets/rule-hints.ts'
import { RULE_NAMES } from '../../src/services/secrets/rule-set.ts'
import { SecretGuard } from '../../src/services/secrets/secret-guard.ts'
import { refusal } from '../support/refusal.ts'

// Every token here is made up. They are put together from two parts, so that a scanner of repositories passes them over.

const of = (...parts: readonly string[]) => parts.join('')
const LETTERS = 'aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0eF3hJ6kL9nP2rS5uV8xA1'

const SECRETS: Readonly<Record<string, string>> = {
  'RSA key': of('-----BEGIN RSA ', 'PRIVATE KEY-----\nMIIEpAIBAAKCAQEA7\n-----END RSA PRIVATE KEY-----'),
  'OpenSSH key on one line': of('-----BEGIN OPENSSH ', 'PRIVATE KEY-----\\nb3BlbnNzaC1rZXktdjEA\\n'),
  'PGP key': of('-----BEGIN PGP ', 'PRIVATE KEY BLOCK-----\nVersion: GnuPG v2\n\nlQOYBFabcdefgh12'),
  'AWS pair': of('deploy with AKIA', 'IOSFODNN7EXAMPLE / wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'),
  'AWS secret by name': of('aws_secret_access_key = wJalrXUtnFEMI', '/K7MDENG/bPxRfiCYhALKE0KEZa'),
  GitHub: of('ghp', `_${LETTERS.slice(0, 36)}`),
  'GitHub, fine-grained': of('github', `_pat_11ABCDEFG0${LETTERS}`),
  GitLab: of('glpat', '-xxYYzz1122334455aabb'),
  Slack: of('xoxb', '-123456789012-1234567890123-AbCdEfGhIjKlMnOpQrStUvWx'),
  'Slack hook': of('https://hooks.slack.com/', 'services/T0AAAAAAA/B0AAAAAAA/abcdefghijklmnopqrstuvwx'),
  Stripe: of('sk', '_live_51H8xk2abcdEFGHijklMNOPqrstuv'),
  npm: of('npm', `_${LETTERS.slice(0, 36)}`),
  PyPI: of('pypi', `-AgEIcHlwaS5vcmcC${LETTERS}`),
  OpenAI: of('sk', `-proj-${LETTERS}${LETTERS}`),
  Anthropic: of('sk', `-ant-api03-${LETTERS}${LETTERS.slice(0, 42)}AA`),
  Google: of('AIza', `Sy${LETTERS.slice(0, 33)}`),
  'Hugging Face': of('hf', `_${LETTERS.slice(0, 34)}`),
  SendGrid: of('SG', `.${LETTERS.slice(0, 22)}.${LETTERS.slice(0, 43)}`),
  DigitalOcean: of('dop', `_v1_${'a1b2c3d4'.repeat(8)}`),
  Azure: of(
    'DefaultEndpointsProtocol=https;AccountName=a;Account',
    `Key=${LETTERS}${LETTERS.slice(0, 35)}==`,
  ),
  JWT: of('eyJhbGciOiJIUzI1NiJ9.', 'eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N'),
  header: of('Authorization: ', 'Bearer abc123def456ghi789jkl012'),
  PostgreSQL: of('postgres://app:', 's3cretWord@db.example.com:5432/app'),
  Redis: of('redis://:', 'hunter2hunter@cache:6379'),
  AMQP: of('amqp://worker:', 'rabbit77@mq/vhost'),
  MongoDB: of('mongodb+srv://app:', 'Xy7aa9@cluster0.mongodb.net/db'),
  'basic auth': of('https://bob:', 's3cr3tPW9@git.example.com/x.git'),
  ADO: of('Server=db;User Id=sa;', 'Password=Str0ngOne;Database=x'),
  libpq: of('host=db user=app ', 'password=correct-horse dbname=app'),
  'libpq, password first': of('password=correct-horse ', 'host=db user=app'),
  assignment: of('DB_PASS', 'WORD="Tr0ub4dor&3x!"'),
  'switched off': of('secretlint-disable\nnpm', `_${LETTERS.slice(0, 36)}`),
}

const HARMLESS: readonly string[] = [
  'We chose PostgreSQL because of its row locks; the password is in Doppler.',
  'postgres://user:password@localhost/db',
  'AGENT_MEMORY_PG_URL=postgresql://agent:$PG_PASSWORD@db/agent_memory',
  'redis://:<your-password>@host:6379/0 and redis://:***@host',
  'Authorization: Bearer <token>, or Bearer authentication as in RFC 6750',
  'Rotate the API key: see the runbook; token: sha256-hashed in table api_keys',
  'Files that begin with -----BEGIN PRIVATE KEY----- are never committed.',
  'commit 3f2504e04f8911d39a0c0305e82c3301f4b0e2ab fixed sk-learn-pipeline-cache-invalidation',
  'src/services/entries/writes.ts:42 calls getUserPermissionsForTenant2023',
  '018f6d3e-7b1a-7c3d-9e5f-0123456789ab',
  'password: at least 12 characters, argon2id, pepper from the vault',
  'https://example.com/@user/repo:latest@sha256:0123456789abcdef0123456789abcdef',
  'sha512-AbCdEf0123456789AbCdEf0123456789AbCdEf0123456789AbCdEf0123456789AbCdEf0123456789==',
]

const refusing = new SecretGuard('refuse')

const refused = (value: unknown, where?: string) => refusal(refusing.admit(value, where))

test('every rule of the set has its hint: one that comes with a later version is not passed over', () => {
  expect(Object.keys(RULE_HINTS).sort()).toEqual([...RULE_NAMES].sort())
})

describe('what is refused', () => {
  test.each(Object.entries(SECRETS))('%s', async (_, secret) => {
    const error = await refused({ content: `For the deployment:\n${secret}\n` })
    expect(error.errorName).toBe('SECRET_REFUSED')
    expect(error.message).toMatch(/^content, line [23] looks like it holds a secret \(/)
    const told = JSON.stringify(error.toBody())
    for (const part of secret.split(/[\s;:@=."/]+/).filter((part) => part.length > 12 && /\d/.test(part)))
      expect(told).not.toContain(part)
  })

  test.each(HARMLESS)('not: %s', async (content) => {
    expect((await refusing.admit({ content })).value).toEqual({ content })
  })

  test('wherever it stands, and the place is named without it', async () => {
    const secret = SECRETS['GitHub'] ?? ''
    const error = await refused({ entries: [{ content: 'fine' }, { metadata: { ci: [{ key: secret }] } }] })
    expect(error.details).toEqual({
      secrets: [{ place: 'entries[1].metadata.ci[0].key', kind: expect.any(String) as string }],
    })
    const asKey = await refused({ metadata: { [secret]: 1 } }, 'Line 7: ')
    expect(asKey.message).toContain('Line 7: metadata (a key) looks like')
    expect(JSON.stringify(asKey.toBody())).not.toContain(secret)
  })

  test('what the name beside it tells', async () => {
    expect((await refused({ metadata: { db_password: of('Tr0ub4', 'dorX3') } })).message).toContain(
      'metadata.db_password',
    )
    expect((await refusing.admit({ metadata: { tokens: 4000, note: 'Tr0ub4dorX3' } })).masked).toEqual([])
  })

  test('none of the memories and questions of coding agents', async () => {
    const file = join(import.meta.dirname, '../../bench/eval/coding-dev.json')
    const set = JSON.parse(readFileSync(file, 'utf8')) as unknown
    expect((await refusing.admit(set)).value).toBe(set)
  })
})

describe('what is masked', () => {
  const masking = new SecretGuard('mask')

  test.each(Object.entries(SECRETS))('%s', async (_, secret) => {
    const { value, masked } = await masking.admit({ content: `For us: ${secret} and so on` })
    expect(masked.length).toBeGreaterThan(0)
    expect(value.content).toMatch(/^For us: .*\[.* masked\].* and so on$|^For us: \[private key masked\]/s)
    expect((await refusing.admit(value)).masked).toEqual([])
  })

  test('an allowed secret stays as it is', async () => {
    const value = { content: SECRETS['GitHub'] }
    expect(await new SecretGuard('allow').admit(value)).toEqual({ value, masked: [] })
  })
})
