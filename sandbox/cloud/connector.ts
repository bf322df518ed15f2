import { z } from "zod";
import { type Handler, jsonOf } from "./http.js";
import { Journal } from "./journal.js";
import type { Person } from "./people.js";

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
	readonly #journal = new Journal<SentActivity>(inWords);
	readonly sent: readonly SentActivity[] = this.#journal.entries;
	/** The conversations in which the bot showed that it types; that is no message. */
	readonly typing: string[] = [];
	#count = 0;

	/** The first message that fits; see `Journal.find`. */
	find(what: string, fits: (sent: SentActivity) => boolean, limitMs?: number): Promise<SentActivity> {
		return this.#journal.find(what, fits, limitMs);
	}

	/** Who is in a conversation: everybody in it whom a test has put there. */
	readonly members = new Map<string, readonly Person[]>();

	readonly handler: Handler = (request) => {
		const { method, path } = request;
		const asked = /^\/teams\/v3\/conversations\/([^/]+)\/pagedmembers$/u.exec(path)?.[1];
		if (method === "GET" && asked !== undefined) {
			const members = this.members.get(decodeURIComponent(asked)) ?? [];
			return {
				status: 200,
				body: {
					members: members.map(({ channelUserId, userId, name }) => ({
						id: channelUserId,
						objectId: userId,
						name,
						userRole: "user",
					})),
				},
			};
		}
		const [, conversationId, activityId] =
			/^\/teams\/v3\/conversations\/([^/]+)\/activities(?:\/([^/]+))?$/u.exec(path) ?? [];
		if (conversationId === undefined) return undefined;
		const how =
			method === "POST" ? "create" : method === "PUT" && activityId !== undefined ? "update" : undefined;
		if (!how) return { status: 405 };
		const activity = activityBody.safeParse(jsonOf(request));
		if (!activity.success)
			return { status: 400, body: { error: { code: "BadSyntax", message: "The activity is not JSON." } } };
		if (activity.data.type === "typing") {
			this.typing.push(conversationId);
			return { status: 201, body: { id: "typing" } };
		}
		const id = how === "update" && activityId !== undefined ? activityId : `sent-${++this.#count}`;
		this.#journal.add({ how, conversationId, id, activity: activity.data });
		return { status: how === "create" ? 201 : 200, body: { id } };
	};
}

function inWords({ how, conversationId, activity }: SentActivity): string {
	const { summary } = activity;
	return `${how} in ${conversationId}: ${typeof summary === "string" ? summary : JSON.stringify(activity)}`;
}
