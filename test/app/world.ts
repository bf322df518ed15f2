import { remind } from "../../src/app/approving/remind.js";

import { submitCancellation } from "../../src/app/cancelling/submit-cancellation.js";
import { watchCancellation } from "../../src/app/cancelling/watch-cancellation.js";
import { workOnCall } from "../../src/app/on-call/work-on-call.js";
import type {
	CancelAnswer,
	ConversationRef,
	Directory,
	FileUploads,
	Messenger,
	OnCallGroup,
	RecoveryJobs,
	SendProblem,
} from "../../src/app/ports.js";
import { answerPress } from "../../src/app/requests/answer-press.js";
import { answerRequest } from "../../src/app/requests/answer-request.js";
import { type Incoming, receiveRequest } from "../../src/app/requests/receive-request.js";
import { createWaitingRoom } from "../../src/app/requests/waiting-room.js";
import type { Task, Via } from "../../src/app/store.js";
import { deliverMessage } from "../../src/app/telling/deliver-message.js";
import type { View } from "../../src/app/views.js";
import { exportAsBytes } from "../../src/audit/write-export.js";
import type { ApprovalSettings } from "../../src/core/approving/terms.js";
import type { MoveLimits } from "../../src/core/cancelling/events.js";
import type { RecoveryJob } from "../../src/core/job.js";
import type { Actor, Standing } from "../../src/core/person.js";
import type { PolicySettings } from "../../src/core/policy.js";
import type { Command } from "../../src/core/requests/command.js";
import { appLimits } from "../../src/core/send-limits.js";
import { createStore } from "../../src/store/create-store.js";
import type { Database } from "../../src/store/database.js";
import { readTrail } from "../../src/store/tables/audit.js";
import { waitFor } from "../wait-for.js";

export const TENANT = "11111111-1111-4111-8111-111111111111";
export const JOB_ID = "3f4a6b60-7c1e-4e7c-9c7b-13f8d44b20c4";
export const ADMIN_ROLE = { id: "b6a27b2b-f905-4b2e-81b5-0d90e0ef1fdb", name: "Entra Backup Administrator" };
export const READER_ROLE = { id: "f42252d9-5400-4d7b-b9ef-cc582dbb8577", name: "Entra Backup Reader" };

export const policy: PolicySettings = {
	tenantId: TENANT,
	allowGuests: false,
	reasonRequired: false,
	cancelRoles: [ADMIN_ROLE],
	cancelGroups: [],
	viewRoles: [ADMIN_ROLE, READER_ROLE],
};

export const limits = {
	poll: { minMs: 2_000, maxMs: 30_000 },
	watchLimitMs: 36 * 3_600_000,
	submitLimitMs: 15 * 60_000,
};

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

export const approvalSettings: ApprovalSettings = {
	mode: "off",
	required: 1,
	ttlMs: 60 * 60_000,
	remindAfterPercent: 50,
	remindBeforeMs: 5 * 60_000,
	emergency: false,
};

export function person(name: string, userId = `aaaaaaaa-0000-4000-8000-00000000000${name.length}`): Actor {
	return { tenantId: TENANT, userId, name, channelUserId: `29:${name}` };
}

export function conversation(key: string): ConversationRef {
	return {
		key,
		tenantId: TENANT,
		serviceUrl: "https://smba.trafficmanager.net/teams/",
		channelId: "msteams",
		botId: "28:bot",
		botName: "Recovery Control",
		conversationType: key.includes("@thread") ? "channel" : key.startsWith("a:") ? "personal" : "groupChat",
	};
}

export function runningJob(overrides: Partial<RecoveryJob> = {}): RecoveryJob {
	return {
		id: JOB_ID,
		kind: "recovery",
		status: "running",
		startedAt: "2026-11-23T01:00:00Z",
		counts: { modifiedObjects: 500, modifiedLinks: 20 },
		...overrides,
	};
}

/** The first reading of a role takes so long that role and job are read again right before Graph is asked. */
export function readSlowly(world: ReturnType<typeof createWorld>): void {
	const { standing } = world.deps.directory;
	let first = true;
	world.deps.directory.standing = async (...asked) => {
		const seen = await standing(...asked);
		if (!first) return seen;
		first = false;
		return { ...seen, at: new Date(world.now().getTime() - 2_001).toISOString() };
	};
}

/** So far apart messages seem to be in a story that is not about how many there may be. */
const GATE_TURN_MS = 10_000;
/** No story here needs more pieces of work at once. */
const MOST_STEPS = 2_000;

function keyOf(task: Task): string | undefined {
	if (task.queue === "post") return task.data.messageId;
	return task.queue === "on-call" ? `${task.data.work} ${task.data.id}` : undefined;
}

export interface Press {
	readonly where?: string;
	readonly activityId?: string;
	readonly budgetMs?: number;
	/** The message whose card is pressed; Teams may leave it out. */
	readonly card?: string | null;
	readonly via?: Exclude<Via, "message">;
}

/**
 * The whole bot without Teams, Graph and the queue around it: the real use cases over a real database,
 * fakes at the ports, and a clock that is turned by hand.
 */
export function createWorld(database: Database, changed: Partial<MoveLimits> = {}) {
	let now = new Date("2026-11-23T03:00:00Z");
	let counter = 0;
	/** Whether queues and the gate before Teams are as narrow as they are; else each message has time enough. */
	let strict = false;
	let turns = 0;
	const due: { at: number; task: Task }[] = [];
	const graph = {
		job: runningJob() as RecoveryJob | undefined,
		/** What the list holds besides. */
		more: [] as RecoveryJob[],
		listProblem: undefined as Awaited<ReturnType<RecoveryJobs["list"]>> | undefined,
		lists: 0,
		readProblem: undefined as Awaited<ReturnType<RecoveryJobs["read"]>> | undefined,
		answers: [] as CancelAnswer[],
		posts: [] as string[],
		onPost: async () => {},
	};
	const standings = new Map<string, Standing>();
	/** Who is in which conversation, as Teams would say. */
	const membersOf = new Map<string, readonly Actor[]>();
	/** What was asked to list who holds the role, who is where, or what groups are called. */
	const listings: string[] = [];
	const approvals: Mutable<ApprovalSettings> = { ...approvalSettings };
	/** Who is on call; no group is set while it is undefined. */
	const group = {
		people: undefined as readonly Actor[] | undefined,
		problem: undefined as
			| Extract<Awaited<ReturnType<OnCallGroup["people"]>>, { kind: "problem" }>
			| undefined,
	};
	const onCallGroup: OnCallGroup = {
		get set() {
			return group.people !== undefined;
		},
		includes: async ({ userId }) =>
			group.problem ?? { kind: "read", member: group.people?.some((one) => one.userId === userId) ?? false },
		people: async () => group.problem ?? { kind: "listed", people: group.people ?? [] },
	};
	const standingReads: string[] = [];
	const sent: {
		how: "post" | "update";
		conversation: string;
		activityId: string;
		view: View;
		locale: string | undefined;
	}[] = [];
	const sendProblems: SendProblem[] = [];
	const uploads: { url: string; text: string }[] = [];
	const uploadAnswers: Awaited<ReturnType<FileUploads["put"]>>[] = [];
	let onSend = async () => {};
	/** What a test plants in the database: a transaction that fails, or one whose success is not heard of. */
	const faults = { beforeCommit: async () => {}, afterCommit: async () => {} };
	/** Work of transactions under way; it is there only once they are committed. */
	const stages = new WeakMap<object, Task[]>();
	const log: { readonly level: string; readonly facts: Record<string, unknown>; readonly message: string }[] =
		[];
	const logger = (level: string) => (facts: object, message: string) =>
		void log.push({ level, facts: { ...facts }, message });

	const jobs: RecoveryJobs = {
		list: async () => {
			graph.lists++;
			return (
				graph.listProblem ?? { kind: "listed", jobs: [...(graph.job ? [graph.job] : []), ...graph.more] }
			);
		},
		read: async () =>
			graph.readProblem ?? (graph.job ? { kind: "found", job: graph.job } : { kind: "missing" }),
		cancel: async (_jobId, clientRequestId) => {
			graph.posts.push(clientRequestId);
			await graph.onPost();
			return graph.answers.shift() ?? { kind: "accepted", httpStatus: 202, requestId: "graph-1" };
		},
	};
	const directory: Directory = {
		standing: async (actor, permission) => {
			standingReads.push(actor.userId);
			// Read at this moment, whenever it was decided what it would be.
			const read = { ...(standings.get(actor.userId) ?? standing([])), at: now.toISOString() };
			if (read.kind !== "read") return read;
			const roles = { cancel: policy.cancelRoles, view: policy.viewRoles }[permission].map(({ id }) => id);
			return { ...read, grants: read.grants.filter((g) => g.by !== "role" || roles.includes(g.roleId)) };
		},
		holders: async () => {
			listings.push("holders");
			const holds = (found: Standing) =>
				found.kind === "read" && found.grants.some((g) => g.by === "role" && g.roleId === ADMIN_ROLE.id);
			return {
				kind: "listed",
				userIds: [...standings].filter(([, found]) => holds(found)).map(([userId]) => userId),
			};
		},
		groupNames: async (groupIds) => {
			listings.push(`names ${groupIds}`);
			return Object.fromEntries(groupIds.map((id) => [id, `Group ${id}`]));
		},
	};
	const deliver = async (
		how: "post" | "update",
		{ key, locale }: ConversationRef,
		view: View,
		activityId: string,
	) => {
		const problem = sendProblems.shift();
		if (problem) return problem;
		sent.push({ how, conversation: key, activityId, view, locale });
		await onSend();
		return { kind: "sent", activityId } as const;
	};
	const messenger: Messenger = {
		prepare: async () => ({ kind: "ready" }),
		typing: async () => {},
		post: (where, view) => deliver("post", where, view, `activity-${++counter}`),
		update: (where, activityId, view) => deliver("update", where, view, activityId),
		members: async ({ key }) => {
			listings.push(`members ${key}`);
			return { kind: "listed", members: membersOf.get(key) ?? [] };
		},
	};
	const waitingRoom = createWaitingRoom();
	const deps = {
		store: createStore(
			{
				...database,
				sql: {
					async query(text, values) {
						const writes = /^\s*(?:insert|update|delete)\b/u.test(text);
						if (writes) await faults.beforeCommit();
						const rows = await database.sql.query(text, values);
						if (writes) await faults.afterCommit();
						return rows as never;
					},
				},
				async transaction(work) {
					const staged: Task[] = [];
					const result = await database.transaction(async (sql) => {
						stages.set(sql, staged);
						const done = await work(sql);
						await faults.beforeCommit();
						return done;
					});
					for (const task of staged) {
						const at = now.getTime() + ("afterMs" in task ? task.afterMs : 0);
						// Of what is about one thing, one task waits at most, as in the queues.
						const key = strict ? keyOf(task) : undefined;
						if (key === undefined || !due.some((entry) => keyOf(entry.task) === key)) due.push({ at, task });
					}
					await faults.afterCommit();
					return result;
				},
			},
			{
				enqueue: async (sql, tasks) => void stages.get(sql)?.push(...tasks),
				gate: {
					app: appLimits(50),
					now: () => new Date(now.getTime() + (strict ? 0 : turns++ * GATE_TURN_MS)),
				},
			},
		),
		clock: { now: () => now },
		ids: {
			uuid: () => `00000000-0000-4000-8000-${String(++counter).padStart(12, "0")}`,
			receipt: () => `RC-${String(++counter).padStart(6, "0")}`,
		},
		policy,
		approvals,
		onCallGroup,
		onCall: { pollMs: 15_000, ackMs: 10 * 60_000 },
		limits: { ...limits, ...changed },
		jobs,
		directory,
		messenger,
		waitingRoom,
		files: {
			allows: (url: string) => url.startsWith("https://contoso-my.sharepoint.com/"),
			put: async (url: string, bytes: Uint8Array<ArrayBuffer>) => {
				uploads.push({ url, text: Buffer.from(bytes).toString("utf8") });
				return uploadAnswers.shift() ?? ({ kind: "uploaded" } as const);
			},
		} satisfies FileUploads,
		trail: exportAsBytes((range) => readTrail(database.sql, range)),
		log: { info: logger("info"), warn: logger("warn"), error: logger("error") },
		saveAgain: { firstMs: 1, longestMs: 1 },
	};
	const run = async (task: Task) => {
		switch (task.queue) {
			case "answer":
				return answerRequest(task.data.requestId, deps);
			case "submit":
				return submitCancellation(task.data, deps);
			case "watch":
				return watchCancellation(task.data, deps);
			case "post":
				return deliverMessage(task.data.messageId, deps);
			case "remind":
				return remind(task.data, deps);
			case "on-call":
				return workOnCall(task.data, deps);
		}
	};
	return {
		deps,
		graph,
		sent,
		sendProblems,
		uploads,
		uploadAnswers,
		tasks: due,
		run,
		now: () => now,
		/** Time passes in which nothing that is due is done. */
		turn(ms: number) {
			now = new Date(now.getTime() + ms);
		},
		log,
		standingReads,
		listings,
		membersOf,
		/** The settings from now on, as after a restart with others. */
		approvals,
		group,
		set strict(narrow: boolean) {
			strict = narrow;
		},
		set onSend(hook: () => Promise<void>) {
			onSend = hook;
		},
		faults,
		grant(actor: Actor, ...roles: { id: string; name: string }[]) {
			standings.set(actor.userId, standing(roles));
		},
		setStanding(actor: Actor, value: Standing) {
			standings.set(actor.userId, value);
		},
		/** Runs everything that is due, oldest first, until nothing is. */
		async settle() {
			for (let done = 0; ; done++) {
				if (done > MOST_STEPS) throw new Error(`work without end: ${JSON.stringify(due)}`);
				const index = due.findIndex((entry) => entry.at <= now.getTime());
				const [entry] = index === -1 ? [] : due.splice(index, 1);
				if (!entry) return;
				await run(entry.task);
			}
		},
		/** Turns the clock and runs what becomes due on the way. */
		async advance(ms: number) {
			const end = now.getTime() + ms;
			for (let done = 0; ; done++) {
				if (done > MOST_STEPS) throw new Error(`work without end: ${JSON.stringify(due)}`);
				const next = due.filter((entry) => entry.at <= end).sort((a, b) => a.at - b.at)[0];
				if (!next) break;
				due.splice(due.indexOf(next), 1);
				now = new Date(Math.max(now.getTime(), next.at));
				await run(next.task);
			}
			now = new Date(end);
		},
		async say(
			actor: Actor,
			command: Command,
			where = "chat",
			activityId = `m-${++counter}`,
			locale?: string,
		) {
			const incoming: Incoming = {
				dedupeKey: `${where} ${activityId}`,
				actor,
				conversation: { ...conversation(where), ...(locale === undefined ? {} : { locale }) },
				command,
				via: "message",
			};
			await receiveRequest(incoming, deps);
			await this.settle();
		},
		press(
			actor: Actor,
			command: Command,
			{
				where = "chat",
				activityId = `i-${++counter}`,
				budgetMs = 1_000,
				card = "card-1",
				via = "press",
			}: Press = {},
		) {
			const incoming: Incoming = {
				dedupeKey: `${where} ${activityId}`,
				actor,
				conversation: conversation(where),
				command,
				via,
				...(card === null ? {} : { pressedActivityId: card }),
			};
			return answerPress(incoming, { ...deps, budgetMs });
		},
		/** Presses a button and works until it is answered. */
		async pressed(actor: Actor, command: Command, options: Press = {}) {
			const before = due.length;
			const answer = this.press(actor, command, options);
			await waitFor(
				"the request to be kept",
				() => due.length,
				(kept) => kept > before,
			);
			await this.settle();
			return answer;
		},
		views: (view: View["view"]) => sent.filter((message) => message.view.view === view),
	};

	function standing(roles: { id: string; name: string }[]): Standing {
		return {
			kind: "read",
			at: now.toISOString(),
			accountEnabled: true,
			guest: false,
			grants: roles.map((role) => ({ by: "role", roleId: role.id, roleName: role.name })),
			scopedRoles: [],
		};
	}
}
