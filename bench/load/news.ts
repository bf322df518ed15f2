import { createConnection } from "node:net";
import { createInterface } from "node:readline";
import type { News } from "../cloud/ledger.js";

/** Something that is waited for may take this long, in milliseconds. */
const LIMIT_MS = 60_000;

/** What arrived in the cloud, for those who wait for it. */
export class NewsReader {
	readonly #waiting = new Map<string, (news: News) => void>();
	cardsSeen = 0;
	alertsSeen = 0;

	static async connect(port: number): Promise<NewsReader> {
		const reader = new NewsReader();
		const socket = createConnection({ port, host: "127.0.0.1", noDelay: true });
		createInterface({ input: socket }).on("line", (line) => reader.#read(JSON.parse(line) as News));
		await new Promise((resolve, reject) => socket.once("connect", resolve).once("error", reject));
		return reader;
	}

	/** When the cancel of a job arrived, in milliseconds of the monotonic clock. */
	cancel(jobId: string): Promise<number> {
		return this.#next(`cancel ${jobId}`);
	}

	/** When the next new card arrives in a conversation. */
	card(conversationId: string): Promise<number> {
		return this.#next(`card ${conversationId}`);
	}

	/** When the next card that notifies people arrives in a conversation. */
	alert(conversationId: string): Promise<number> {
		return this.#next(`alert ${conversationId}`);
	}

	#next(key: string): Promise<number> {
		return new Promise((resolve, reject) => {
			const timer = setTimeout(() => {
				this.#waiting.delete(key);
				reject(new Error(`waited ${LIMIT_MS} ms for: ${key}`));
			}, LIMIT_MS);
			this.#waiting.set(key, ({ at }) => {
				clearTimeout(timer);
				resolve(at);
			});
		});
	}

	#read(news: News): void {
		if (news.what === "cancel") {
			this.#settle(`cancel ${news.jobId}`, news);
			return;
		}
		this.cardsSeen++;
		if (news.alert) this.alertsSeen++;
		this.#settle(`card ${news.conversationId}`, news);
		if (news.alert) this.#settle(`alert ${news.conversationId}`, news);
	}

	#settle(key: string, news: News): void {
		const waiting = this.#waiting.get(key);
		this.#waiting.delete(key);
		waiting?.(news);
	}
}
