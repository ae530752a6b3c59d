type Env = Readonly<Record<string, string | undefined>>

/** Which requests are traced: a share of those that come without a trace of their own, or of all. */
export interface TracingSettings {
  readonly share: number
  /** What the caller's own trace says is followed. */
  readonly followsParent: boolean
}

/**
 * By OpenTelemetry's own variables; undefined where traces go nowhere. Where and how they are sent (`OTEL_EXPORTER_OTLP_…`,
 * `OTEL_SERVICE_NAME`, `OTEL_RESOURCE_ATTRIBUTES`) its packages read themselves.
 */
export function tracingOf(env: Env): TracingSettings | undefined {
  const isSent = env['OTEL_EXPORTER_OTLP_ENDPOINT'] || env['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT']
  if (!isSent || env['OTEL_SDK_DISABLED']?.toLowerCase() === 'true') return undefined
  if (!['otlp', undefined, ''].includes(env['OTEL_TRACES_EXPORTER'])) return undefined
  const sampler = env['OTEL_TRACES_SAMPLER'] || 'parentbased_always_on'
  const given = Number(env['OTEL_TRACES_SAMPLER_ARG'] || 1)
  const shares = new Map([
    ['always_on', 1],
    ['always_off', 0],
    ['traceidratio', given >= 0 && given <= 1 ? given : 1],
  ])
  // What is no name of the specification means its default, as that asks for.
  const share = shares.get(sampler.replace(/^parentbased_/, '')) ?? 1
  return { share, followsParent: !shares.has(sampler) }
}
