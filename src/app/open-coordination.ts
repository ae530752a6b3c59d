import type { Coordination, CoordinationParts } from './coordination.ts'
import { openEmbedded } from './embedded.ts'

/** Over Redis where that is enabled (loaded only then), otherwise on the database alone. */
export async function openCoordination(parts: CoordinationParts): Promise<Coordination> {
  if (parts.config.redis.enabled) return (await import('./redis.ts')).openWithRedis(parts)
  return openEmbedded(parts)
}
