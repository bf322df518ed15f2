import { EventEmitter, once } from "node:events";
import { z } from "zod";
import { type Handler, jsonOf } from "./http.js";

const activityBody = z.record(z.string(), z.unknown());

/** One message that the bot created or updated. */
export interface SentActivity {
	readonly how: "create" | "update";
	readonly conversationId: string;
	readonly id: string;
	readonly activity: Readonly<Record<string, unknown>>;
}

/**
 * A stand-in for Teams' connector that keeps what the bot sends. An update of any id is taken, since a
 * test may press a card that it never had sent.
 */
export class Connector {
	readonly sent: SentActivity[] = [];
	readonly #changed = new EventEmitter().setMaxListeners(0);
	#count = 0;

	/**
	 * The first message, sent already or still to come, that fits.
	 *
	 * Rejects after `limitMs` (real milliseconds) and says what was sent instead.
	 */
	async find(fits: (sent: SentActivity) => boolean, limitMs = 15_000): Promise<SentActivity> {
		const signal = AbortSignal.timeout(limitMs);
		for (;;) {
			const found = this.sent.find(fits);
			if (found) return found;
			await once(this.#changed, "sent", { signal }).catch((error: unknown) => {
				if (!signal.aborted) throw error;
				throw new Error(`no such message within ${limitMs} ms; sent so far: ${JSON.stringify(this.sent)}`);
			});
		}
	}

	readonly handler: Handler = (request) => {
		const { method, path } = request;
		const [, conversationId, activityId] =
			/^\/teams\/v3\/conversations\/([^/]+)\/activities(?:\/([^/]+))?$/u.exec(path) ?? [];
		if (conversationId === undefined) return undefined;
		const how =
			method === "POST" ? "create" : method === "PUT" && activityId !== undefined ? "update" : undefined;
		if (!how) return { status: 405 };
		const activity = activityBody.safeParse(jsonOf(request));
		if (!activity.success)
			return { status: 400, body: { error: { code: "BadSyntax", message: "The activity is not JSON." } } };
		const id = how === "update" && activityId !== undefined ? activityId : `sent-${++this.#count}`;
		this.sent.push({ how, conversationId, id, activity: activity.data });
		this.#changed.emit("sent");
		return { status: how === "create" ? 201 : 200, body: { id } };
	};
}
