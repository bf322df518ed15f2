import { EventEmitter, once } from "node:events";
import type { Handler } from "./http.js";

/** One message that the bot created or updated. */
export interface SentActivity {
	readonly how: "create" | "update";
	readonly conversationId: string;
	readonly id: string;
	readonly activity: Readonly<Record<string, unknown>>;
}

/** A stand-in for Teams' connector that keeps what the bot sends. */
export class Connector {
	readonly sent: SentActivity[] = [];
	readonly #changed = new EventEmitter().setMaxListeners(0);
	#count = 0;

	/** The first message, sent already or still to come, that fits; rejects after `limitMs`. */
	async find(fits: (sent: SentActivity) => boolean, limitMs = 15_000): Promise<SentActivity> {
		const signal = AbortSignal.timeout(limitMs);
		for (;;) {
			const found = this.sent.find(fits);
			if (found) return found;
			await once(this.#changed, "sent", { signal });
		}
	}

	readonly handler: Handler = ({ method, path, body }) => {
		const [, conversationId, activityId] =
			/^\/teams\/v3\/conversations\/([^/]+)\/activities(?:\/([^/]+))?$/u.exec(path) ?? [];
		if (conversationId === undefined) return undefined;
		const how =
			method === "POST" ? "create" : method === "PUT" && activityId !== undefined ? "update" : undefined;
		if (!how) return { status: 405 };
		const id = how === "update" && activityId !== undefined ? activityId : `sent-${++this.#count}`;
		this.sent.push({ how, conversationId, id, activity: JSON.parse(body) });
		this.#changed.emit("sent");
		return { status: how === "create" ? 201 : 200, body: { id } };
	};
}
