import { AsyncLocalStorage } from 'node:async_hooks'
import {
  type Context,
  defaultTextMapGetter,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api'
import { W3CTraceContextPropagator } from '@opentelemetry/core'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources'
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace'
import type { readTracing } from '../../../config.ts'
import { masked } from '../../../domain/text/secrets.ts'
import type { CallRecord } from '../../../operations/run.ts'
import { VERSION } from '../../../version.ts'
import type { TracedRequest, Tracing } from './tracing.ts'

// Loaded only where the variables of OpenTelemetry say where traces go.

/** What lies above a call. */
interface Above {
  readonly context: Context
  readonly requestId: string
}

const SENDS_EVERY_MS = 1_000
const CLOSE_MS = 3_000

export function openTracing(
  { share, followsParent }: NonNullable<ReturnType<typeof readTracing>>,
  instanceId: string,
): Tracing {
  const own = resourceFromAttributes({
    'service.name': 'agent-memory',
    'service.version': VERSION,
    'service.instance.id': instanceId,
  })
  // What the variables say goes before what we know.
  const resource = defaultResource()
    .merge(own)
    .merge(detectResources({ detectors: [envDetector] }))
  const root = new TraceIdRatioBasedSampler(share)
  const exporter = new OTLPTraceExporter()
  const provider = new TracerProvider({
    resource,
    sampler: followsParent ? new ParentBasedSampler({ root }) : root,
    spanProcessors: [
      new BatchSpanProcessor({
        exporter,
        scheduledDelayMillis: SENDS_EVERY_MS,
        exportTimeoutMillis: CLOSE_MS,
      }),
    ],
  })
  const tracer = provider.getTracer('agent-memory', VERSION)
  const propagator = new W3CTraceContextPropagator()
  const above = new AsyncLocalStorage<Above>()

  const noteCall = ({ tool, action, durationMs, error, agentId }: CallRecord) => {
    const { context = ROOT_CONTEXT, requestId } = above.getStore() ?? {}
    const endTime = Date.now()
    const attributes = {
      'agent_memory.agent_id': masked(agentId),
      ...(requestId !== undefined && { 'agent_memory.request_id': requestId }),
      ...(error !== undefined && { 'error.type': error }),
    }
    const name = action === null ? tool : `${tool} ${action}`
    const span = tracer.startSpan(name, { attributes, startTime: endTime - durationMs }, context)
    if (error !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: error })
    span.end(endTime)
  }

  return {
    async request({ requestId, method, path, headers }: TracedRequest, answer) {
      const parent = propagator.extract(ROOT_CONTEXT, headers, defaultTextMapGetter)
      const attributes = {
        'http.request.method': method,
        'url.path': masked(path),
        'agent_memory.request_id': requestId,
      }
      const span = tracer.startSpan(method, { kind: SpanKind.SERVER, attributes }, parent)
      try {
        const status = await above.run({ context: trace.setSpan(parent, span), requestId }, answer)
        span.setAttribute('http.response.status_code', status)
        if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR })
      } finally {
        span.end()
      }
    },
    tracing(app) {
      const { record } = app.pipeline
      const traced = (call: CallRecord) => {
        noteCall(call)
        record(call)
      }
      return { ...app, pipeline: { ...app.pipeline, record: traced } }
    },
    async close() {
      const late = new Promise<void>((resolve) => setTimeout(resolve, CLOSE_MS).unref())
      await Promise.race([provider.shutdown().catch(() => {}), late])
    },
  }
}
