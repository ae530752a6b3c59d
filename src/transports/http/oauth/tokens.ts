import type { JWTVerifyGetKey } from 'jose'
import type { Config } from '../../../config.ts'
import { EVERYBODY } from '../../../domain/access/grant.ts'
import { ADMINISTRATOR } from '../../../services/running/api-keys.ts'
import { HttpProblem } from '../problems.ts'

type OAuthSettings = Pick<
  Config['http'],
  'oauthIssuer' | 'oauthAudience' | 'oauthJwksUrl' | 'oauthAgentClaim'
>

/** Where the issuer says where its keys are (RFC 8414, OpenID Connect Discovery). */
const DISCOVERY = ['oauth-authorization-server', 'openid-configuration'] as const
const PATIENCE_MS = 5_000
/** Signatures whose keys are public: with a shared secret every server that checks a token could sign one. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA']
/** Clocks differ. */
const LEEWAY_S = 30

/** Access tokens of one issuer, made for this server. */
export class OAuthTokens {
  readonly #issuer: string
  readonly #audience: string
  readonly #settings: OAuthSettings
  #keys: Promise<JWTVerifyGetKey> | undefined

  private constructor(issuer: string, audience: string, settings: OAuthSettings) {
    this.#issuer = issuer
    this.#audience = audience
    this.#settings = settings
  }

  /** Undefined where no issuer is set. */
  static of(settings: OAuthSettings): OAuthTokens | undefined {
    const { oauthIssuer: issuer, oauthAudience: audience } = settings
    return issuer === undefined || audience === undefined
      ? undefined
      : new OAuthTokens(issuer, audience, settings)
  }

  /** Whether a text may be one: keys of ours have no dots. */
  isToken(text: string): boolean {
    return /^[\w-]+\.[\w-]+\.[\w-]+$/.test(text)
  }

  /** The agent that a token is of; undefined for one that is not of this issuer, not for us, or past. */
  async agentOf(token: string): Promise<string | undefined> {
    const { jwtVerify } = await import('jose')
    const keys = await this.#issuersKeys()
    try {
      const { payload } = await jwtVerify(token, keys, {
        issuer: this.#issuer,
        audience: this.#audience,
        algorithms: ALGORITHMS,
        clockTolerance: LEEWAY_S,
        requiredClaims: ['exp'],
      })
      const agent = payload[this.#settings.oauthAgentClaim]
      return typeof agent === 'string' && isAgentName(agent) ? agent : undefined
    } catch (error) {
      if (isOfTheToken(error)) return undefined
      throw keysAway(error)
    }
  }

  /** What a client reads to find out where tokens come from (RFC 9728). */
  metadata(): Readonly<Record<string, unknown>> {
    return {
      resource: this.#audience,
      authorization_servers: [this.#issuer],
      bearer_methods_supported: ['header'],
      resource_name: 'Agent Memory',
    }
  }

  /** Where that stands: before the path of what it describes. */
  metadataUrl(): string {
    const { origin, pathname } = new URL(this.#audience)
    return `${origin}${METADATA_PATH}${pathname === '/' ? '' : pathname}`
  }

  #issuersKeys(): Promise<JWTVerifyGetKey> {
    this.#keys ??= this.#findKeys().catch((error: unknown) => {
      // An issuer that is away is asked again.
      this.#keys = undefined
      throw keysAway(error)
    })
    return this.#keys
  }

  async #findKeys(): Promise<JWTVerifyGetKey> {
    const { createRemoteJWKSet } = await import('jose')
    const url = this.#settings.oauthJwksUrl ?? (await jwksUrlOf(this.#issuer))
    return createRemoteJWKSet(new URL(url), { timeoutDuration: PATIENCE_MS })
  }
}

export const METADATA_PATH = '/.well-known/oauth-protected-resource'

async function jwksUrlOf(issuer: string): Promise<string> {
  for (const url of discoveryUrls(new URL(issuer))) {
    const response = await fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS), redirect: 'error' })
    if (!response.ok) continue
    const { issuer: named, jwks_uri: found } = (await response.json()) as Record<string, unknown>
    if (named === issuer && typeof found === 'string' && URL.canParse(found)) return found
  }
  throw new Error('the issuer does not say where its keys are')
}

function discoveryUrls({ origin, pathname }: URL): string[] {
  const path = pathname === '/' ? '' : pathname
  const [oauth, openId] = DISCOVERY
  return [
    `${origin}/.well-known/${oauth}${path}`,
    `${origin}/.well-known/${openId}${path}`,
    `${origin}${path}/.well-known/${openId}`,
  ]
}

/** Errors of jose that say something of the token; the others are of the issuer's keys. */
const OF_THE_TOKEN =
  /^ERR_(JWT_|JWS_|JOSE_ALG_NOT_ALLOWED|JOSE_NOT_SUPPORTED|JWKS_NO_MATCHING_KEY|JWKS_MULTIPLE_MATCHING_KEYS)/

function isOfTheToken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && OF_THE_TOKEN.test(String(error.code))
}

function isAgentName(text: string): boolean {
  const isOwn = text === EVERYBODY || text === ADMINISTRATOR
  return text !== '' && text.length <= 256 && !/\p{Cc}/u.test(text) && !isOwn
}

function keysAway(cause: unknown): HttpProblem {
  if (cause instanceof HttpProblem) return cause
  return new HttpProblem(503, 'UNAUTHENTICATED', 'The keys of the issuer of tokens cannot be read now.', {
    details: { retry_after_ms: 5_000 },
    suggestion: 'Try again; AGENT_MEMORY_HTTP_OAUTH_ISSUER or _JWKS_URL must lead to them from the server.',
    cause,
  })
}
