import type { Instance } from '../../../operations/instance.ts'

/** What a request says of itself. */
export interface TracedRequest {
  readonly requestId: string
  readonly method: string
  /** Without the query. */
  readonly path: string
  /** Of W3C trace context, where the caller has a trace. */
  readonly headers: Readonly<Record<string, string>>
}

/** Spans of requests, and below each those of its operations. */
export interface Tracing {
  /** Runs what answers the request within its span; it answers the status. */
  request(request: TracedRequest, answer: () => Promise<number>): Promise<void>
  /** The instance whose calls have a span each. */
  tracing(app: Instance): Instance
  /** Sends what is left, for a while. */
  close(): Promise<void>
}
