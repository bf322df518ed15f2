import type { AddressInfo } from "node:net";
import { createServer, type Socket } from "node:net";

/**
 * What the bot asked the cloud for. A `poll` is a read of a job after its cancel has been accepted; `batched`
 * counts once more what came inside a `batch`, polls left out.
 */
export const KINDS = [
	"token",
	"channelKeys",
	"batch",
	"batched",
	"directory",
	"jobRead",
	"jobList",
	"cancel",
	"poll",
	"cardCreated",
	"cardUpdated",
	"typing",
	"other",
] as const;
export type Kind = (typeof KINDS)[number];
export type Counts = Readonly<Record<Kind, number>>;

/** Something that the load generator waits for; `at` is in milliseconds of the machine's monotonic clock. */
export type News =
	| { readonly what: "cancel"; readonly jobId: string; readonly at: number }
	| {
			readonly what: "card";
			readonly conversationId: string;
			/** Whether people are notified: the card that tells the end of a cancellation. */
			readonly alert: boolean;
			readonly at: number;
	  };

/** Milliseconds of a clock that all processes of this machine share. */
export function monotonicMs(): number {
	return Number(process.hrtime.bigint()) / 1e6;
}

/** Counts requests by kind, and tells those who are connected what arrived when. */
export class Ledger {
	readonly #counts = new Map<Kind, number>(KINDS.map((kind) => [kind, 0]));
	readonly #listeners = new Set<Socket>();

	count(kind: Kind): void {
		this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + 1);
	}

	counts(): Counts {
		return Object.fromEntries(this.#counts) as Counts;
	}

	tell(news: News): void {
		const line = `${JSON.stringify(news)}\n`;
		for (const listener of this.#listeners) listener.write(line);
	}

	/** Tells the news on a port of the loopback interface, a line each. */
	listen(): Promise<number> {
		const server = createServer((socket) => {
			socket.setNoDelay(true);
			this.#listeners.add(socket);
			const forget = () => void this.#listeners.delete(socket);
			socket.on("error", forget).on("close", forget);
		});
		return new Promise((resolve, reject) => {
			server.once("error", reject);
			server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
		});
	}
}
