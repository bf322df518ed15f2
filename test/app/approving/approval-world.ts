import type { View } from "../../../src/app/views.js";
import type { Command } from "../../../src/core/requests/command.js";
import { theDatabase } from "../database.js";
import { ADMIN_ROLE, createWorld, JOB_ID, person } from "../world.js";

export const MINUTE = 60_000;
const guid = (n: number) => `bbbbbbbb-0000-4000-8000-00000000000${n}`;
/** Ask, and hold no role. */
export const nora = person("Nora", guid(1));
export const noah = person("Noah", guid(2));
/** Hold the role. */
export const ada = person("Ada", guid(3));
export const bob = person("Bob", guid(4));
export const cleo = person("Cleo", guid(5));

export const HERE = { kind: "approvals-here", on: true } as const;

export const ask = (reason = "wrong snapshot"): Command => ({ kind: "ask", jobId: JOB_ID, reason });
export const cancel = (more: Partial<Extract<Command, { kind: "cancel" }>> = {}): Command => ({
	kind: "cancel",
	jobId: JOB_ID,
	...more,
});

/** A line of the audit trail, in so far as it is told here. */
interface Line {
	readonly type: string;
	readonly actor?: { readonly name: string };
	readonly jobId?: string;
	readonly cancellationId?: string;
	readonly facts: Readonly<Record<string, unknown>>;
}

/** Nora asks in the chat, where Ada is; Bob and Cleo are in a conversation that may be chosen to decide. */
export function openWorld(mode: "on-request" | "two-person" = "on-request", required = 1) {
	const world = createWorld(theDatabase());
	Object.assign(world.approvals, { mode, required });
	for (const admin of [ada, bob, cleo]) world.grant(admin, ADMIN_ROLE);
	world.membersOf.set("chat", [nora, noah, ada]);
	world.membersOf.set("deciders", [bob, cleo]);
	const record = async () => {
		const [row] = await theDatabase().sql.query<{ id: string }>(
			"select id from cancellations order by receipt desc limit 1",
		);
		const found = row && (await world.deps.store.read.cancellation(row.id));
		if (!found) throw new Error("no cancellation");
		return found;
	};
	const decide = async (verdict: "approve" | "reject", comment?: string): Promise<Command> => ({
		kind: "decide",
		verdict,
		reference: (await record()).receipt,
		...(comment === undefined ? {} : { comment }),
	});
	const last = (where: string): View | undefined =>
		world.sent.filter((message) => message.conversation === where).at(-1)?.view;
	const audited = async () =>
		(await theDatabase().sql.query<{ type: string }>("select type from audit_events order by seq")).map(
			({ type }) => type,
		);
	/** The newest line of a type in the audit trail. */
	const line = async (type: string): Promise<Line> => {
		const [row] = await theDatabase().sql.query<{ line: string }>(
			"select line from audit_events where type = $1 order by seq desc limit 1",
			[type],
		);
		if (!row) throw new Error(`no line ${type}`);
		return JSON.parse(row.line);
	};
	/** What was sent to a conversation since the last time, in short. */
	const told = (where: string) => {
		const all = world.sent.filter(({ conversation }) => conversation === where);
		for (const one of all) world.sent.splice(world.sent.indexOf(one), 1);
		return all.map(({ how, view }) => `${how} ${view.view}${inShort(note(view))}`);
	};
	return { ...world, world, record, decide, last, audited, line, told };
}

function inShort(noted: ReturnType<typeof note>): string {
	if (!noted || typeof noted === "string") return "";
	if (noted.kind === "done") return ` ${noted.what}`;
	return ` ${noted.kind === "objection" ? noted.why : noted.rule}`;
}

type World = ReturnType<typeof createWorld>;
export const pressed = async (world: World, ...press: Parameters<World["pressed"]>) =>
	(await world.pressed(...press)).view;
export const note = (view: View | undefined) => (view && "note" in view ? view.note : undefined);
