import type { ProbeWish } from './kinds.ts';
import type { Probe } from './resources.ts';

const seconds = (milliseconds: number) => Math.round(milliseconds / 1_000);

/**
 * A probe as the API has it; undefined for none of our own. How it asks is one of three: HTTP, gRPC, or whether a port
 * is open.
 */
export function probeOf(wish: ProbeWish, port: number | undefined): Probe | undefined {
  if (wish === 'off') return undefined;
  const { path, grpc, tcp, delay, timeout, period, failures } = wish;
  const at = wish.port ?? port;
  const where = at === undefined ? {} : { port: at };
  const action =
    grpc !== undefined
      ? { grpc: { ...where, service: grpc } }
      : tcp !== undefined
        ? { tcpSocket: { port: tcp } }
        : { httpGet: { path: path ?? '/', ...where } };
  return {
    ...(delay === undefined ? {} : { initialDelaySeconds: seconds(delay) }),
    ...(timeout === undefined ? {} : { timeoutSeconds: seconds(timeout) }),
    ...(period === undefined ? {} : { periodSeconds: seconds(period) }),
    ...(failures === undefined ? {} : { failureThreshold: failures }),
    ...action,
  };
}
