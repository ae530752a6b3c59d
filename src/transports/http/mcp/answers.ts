/** A refusal in the form of JSON-RPC, for a request that is not known to be one. */
export function rpcProblem(
  status: number,
  error: { code: number; message: string },
  id: string | number | null = null,
): Response {
  return new Response(JSON.stringify({ jsonrpc: '2.0', error, id }), {
    status,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
  })
}
