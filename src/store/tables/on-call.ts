import type { AuditHead, Since, Tx } from "../../app/store.js";
import type { Cancellation } from "../../core/cancelling/cancellation.js";
import { channelKey } from "../../core/channel-key.js";
import type { Incident } from "../../core/on-call/incident.js";
import type { News } from "../../core/on-call/news.js";
import type { Subscription } from "../../core/on-call/subscription.js";
import type { Watch } from "../../core/on-call/watch.js";
import type { Sql } from "../database.js";
import type { LockOrder } from "../lock-order.js";

type OnCallTables = Pick<
	Tx,
	| "putSubscription"
	| "dropSubscription"
	| "leaveConversation"
	| "forgetOld"
	| "subscription"
	| "lockSubscription"
	| "subscriptionsIn"
	| "summedUp"
	| "subscriptions"
	| "lockWatch"
	| "watched"
	| "saveWatch"
	| "incident"
	| "lockIncident"
	| "lockOpenIncidents"
	| "ensureIncident"
	| "saveIncidents"
	| "addNews"
	| "news"
>;

/** Graph forgets a job 7 days after its end, so one that was over so long ago is listed no more. In milliseconds. */
const REMEMBERED_MS = 9 * 24 * 60 * 60_000;

/** Not over by $2's reckoning: also what Graph lost before its end, for as long as it may come back. */
const OPEN = `(over_at is null or over_at > $2
	and record#>>'{job,status}' not in ('successful', 'failed', 'abandoned'))`;

const rememberedSince = (now: Date): string => new Date(now.getTime() - REMEMBERED_MS).toISOString();

/** A line that has been free for so long has room for everybody again, as one that is not there. In milliseconds. */
const LINE_RESTS_MS = 2 * 60 * 60_000;

interface WatchedRow {
	watch: Watch | null;
	subscriptions: Subscription[];
	incidents: Incident[];
	over_job_ids: string[];
	cancellations: Cancellation[];
}

export function onCallTables(sql: Sql, locks: LockOrder): OnCallTables {
	const records = async <T>(statement: string, values: readonly unknown[]): Promise<T[]> =>
		(await sql.query<{ record: T }>(statement, values)).map(({ record }) => record);
	const incident = async (id: string, more = "") =>
		(await records<Incident>(`select record from incidents where id = $1 ${more}`, [id]))[0];
	return {
		async putSubscription(subscription) {
			const { id, tenantId, kind, conversationKey } = subscription;
			const jobId = subscription.kind === "follow" ? subscription.jobId : "";
			locks.take("subscription", `${kind} ${conversationKey} ${jobId}`);
			await sql.query(
				`insert into subscriptions (id, tenant_id, kind, conversation_key, job_id, record)
					values ($1, $2, $3, $4, $5, $6)
					on conflict (tenant_id, kind, conversation_key, job_id) do update
						set id = excluded.id, record = excluded.record`,
				[id, tenantId, kind, conversationKey, jobId, JSON.stringify(subscription)],
			);
		},
		async dropSubscription(kind, conversationKey, jobId = "") {
			locks.take("subscription", `${kind} ${conversationKey} ${jobId}`);
			const dropped = await sql.query(
				"delete from subscriptions where kind = $1 and conversation_key = $2 and job_id = $3 returning id",
				[kind, conversationKey, jobId],
			);
			return dropped.length > 0;
		},
		async leaveConversation(conversationKey) {
			const key = channelKey(conversationKey);
			locks.take("deciders", key);
			locks.take("subscription", key);
			const left = await sql.query(
				`with deciders as (delete from approval_conversations where split_part(key, ';', 1) = $1 returning key),
					told as (delete from subscriptions where split_part(conversation_key, ';', 1) = $1 returning id::text)
					select key from deciders union all select id from told`,
				[key],
			);
			return left.length > 0;
		},
		async forgetOld(now) {
			locks.take("incident", "that are over");
			await sql.query(
				`with old_incidents as (delete from incidents where over_at < $1),
					old_news as (delete from news where at < $1)
					delete from sending_lines where key in (select key from sending_lines
						where $2 > all (free_at) for update skip locked)`,
				[rememberedSince(now), new Date(now.getTime() - LINE_RESTS_MS).toISOString()],
			);
		},
		async subscription(id) {
			return (await records<Subscription>("select record from subscriptions where id = $1", [id]))[0];
		},
		async lockSubscription(id) {
			locks.take("subscription", id);
			return (
				await records<Subscription>("select record from subscriptions where id = $1 for update", [id])
			)[0];
		},
		subscriptionsIn: (conversationKey) =>
			records<Subscription>("select record from subscriptions where conversation_key = $1 order by kind", [
				conversationKey,
			]),
		subscriptions: (tenantId, kind) =>
			records<Subscription>(
				"select record from subscriptions where tenant_id = $1 and kind = $2 order by conversation_key, job_id",
				[tenantId, kind],
			),
		async summedUp(id, at) {
			locks.take("subscription", id);
			await sql.query(
				"update subscriptions set record = record || jsonb_build_object('summedAt', $2::text) where id = $1",
				[id, at],
			);
		},
		async lockWatch(tenantId) {
			locks.take("watch", tenantId);
			await sql.query(
				`insert into watches (tenant_id, record) values ($1, '{}')
					on conflict (tenant_id) do update set tenant_id = excluded.tenant_id`,
				[tenantId],
			);
		},
		async watched(tenantId, now, newJobIds = []) {
			const [row] = await sql.query<WatchedRow>(
				`with open as (select job_id, record from incidents where tenant_id = $1 and ${OPEN})
					select (select record from watches where tenant_id = $1) as watch,
						(select coalesce(jsonb_agg(record order by conversation_key, job_id), '[]')
							from subscriptions where tenant_id = $1) as subscriptions,
						(select coalesce(jsonb_agg(record order by job_id), '[]') from open) as incidents,
						(select coalesce(jsonb_agg(job_id), '[]')
							from incidents where tenant_id = $1 and over_at > $2) as over_job_ids,
						(select coalesce(jsonb_agg(record order by record->>'openedAt'), '[]') from cancellations
							where tenant_id = $1 and (job_id in (select job_id from open) or job_id = any($3))) as cancellations`,
				[tenantId, rememberedSince(now), newJobIds],
			);
			if (!row) throw new Error("the question about the watch had no answer");
			const { watch, over_job_ids: overJobIds, ...rest } = row;
			return { ...rest, tenantId, watch: watch ?? {}, overJobIds };
		},
		async saveWatch(tenantId, watch) {
			locks.take("watch", tenantId);
			await sql.query(
				`insert into watches (tenant_id, record) values ($1, $2)
					on conflict (tenant_id) do update set record = excluded.record`,
				[tenantId, JSON.stringify(watch)],
			);
		},
		incident: (id) => incident(id),
		lockIncident(id) {
			locks.take("incident", id);
			return incident(id, "for update");
		},
		async lockOpenIncidents(tenantId, now) {
			locks.take("incident", `of ${tenantId}`);
			// In one order, since somebody may be taking one of them.
			const open = await records<Incident>(
				`select record from incidents where tenant_id = $1 and ${OPEN} order by id for update`,
				[tenantId, rememberedSince(now)],
			);
			for (const { id } of open) locks.take("incident", id);
			return open;
		},
		async ensureIncident(fresh) {
			locks.take("incident", fresh.id);
			const [found] = await records<Incident>(
				`insert into incidents (id, tenant_id, job_id, version, record) values ($1, $2, $3, $4, $5)
					on conflict (tenant_id, job_id) do update set job_id = excluded.job_id returning record`,
				[fresh.id, fresh.tenantId, fresh.job.id, fresh.version, JSON.stringify(fresh)],
			);
			if (!found) throw new Error(`incident ${fresh.id} vanished`);
			return found;
		},
		async saveIncidents(incidents) {
			if (incidents.length === 0) return;
			for (const { id } of incidents) locks.take("incident", id);
			const saved = await sql.query(
				`insert into incidents (id, tenant_id, job_id, over_at, version, record)
					select (record->>'id')::uuid, record->>'tenantId', record#>>'{job,id}', (record->>'overAt')::timestamptz,
						(record->>'version')::integer, record from jsonb_array_elements($1) as record
					on conflict (id) do update
						set over_at = excluded.over_at, version = excluded.version, record = excluded.record
						where incidents.version = excluded.version - 1
					returning id`,
				[JSON.stringify(incidents)],
			);
			if (saved.length !== incidents.length)
				throw new Error(`${incidents.length - saved.length} incidents have changed meanwhile`);
		},
		async addNews(news, at) {
			if (news.length === 0) return;
			await sql.query(
				`insert into news (id, incident_id, news, at)
					select (item->>'id')::uuid, (item->>'incidentId')::uuid, item, $2 from jsonb_array_elements($1) as item`,
				[JSON.stringify(news), at.toISOString()],
			);
		},
		async news(id) {
			const [row] = await sql.query<{ news: News }>("select news from news where id = $1", [id]);
			return row?.news;
		},
	};
}

/** What a summary goes by. */
export function summaryStatements(sql: Sql): {
	since(tenantId: string, from: Date): Promise<Since>;
	auditHead(): Promise<AuditHead>;
} {
	return {
		async since(tenantId, from) {
			const [row] = await sql.query<{ incidents: Incident[]; cancellations: Cancellation[] }>(
				`select (select coalesce(jsonb_agg(record order by record->>'openedAt'), '[]') from incidents
						where tenant_id = $1 and (over_at is null or over_at >= $2)) as incidents,
					(select coalesce(jsonb_agg(record order by record->>'openedAt'), '[]') from cancellations
						where tenant_id = $1 and (record->>'endedAt' is null or (record->>'endedAt')::timestamptz >= $2)) as cancellations`,
				[tenantId, from.toISOString()],
			);
			return row ?? { incidents: [], cancellations: [] };
		},
		async auditHead() {
			const [head] = await sql.query<{ seq: string | number; hash: string }>(
				"select seq, hash from audit_head",
			);
			return { seq: Number(head?.seq ?? 0), hash: head?.hash ?? "" };
		},
	};
}
