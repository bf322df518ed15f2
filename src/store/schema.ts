import type { Database } from "./database.js";

/**
 * The schema, one step a version; a step that has shipped is never edited. Records are kept whole as
 * JSON, beside the columns that queries need.
 */
export const STEPS: readonly (readonly string[])[] = [
	[
		`create table conversations (
			key text primary key,
			reference jsonb not null,
			updated_at timestamptz not null default now()
		)`,
		`create table requests (
			id uuid primary key,
			dedupe_key text not null unique,
			request jsonb not null,
			late boolean not null default false,
			answer jsonb,
			received_at timestamptz not null,
			answered_at timestamptz
		)`,
		`create table cancellations (
			id uuid primary key,
			receipt text not null unique,
			tenant_id text not null,
			job_id text not null,
			state text not null,
			version integer not null,
			record jsonb not null
		)`,
		`create unique index one_open_cancellation_per_job on cancellations (tenant_id, job_id)
			where state in ('submitting', 'stopping')`,
		`create table messages (
			id uuid primary key,
			kind text not null,
			subject_id uuid not null,
			conversation_key text not null,
			activity_id text,
			state text not null,
			tries integer not null default 0,
			created_at timestamptz not null,
			unique (subject_id, kind, conversation_key)
		)`,
		`create table audit_events (
			seq bigint primary key,
			at timestamptz not null,
			type text not null,
			user_id text,
			job_id text,
			cancellation_id uuid,
			line text not null,
			previous_hash text not null,
			hash text not null unique
		)`,
		`create index audit_events_by_cancellation on audit_events (cancellation_id, seq)`,
		`create index audit_events_by_job on audit_events (job_id, seq)`,
		`create table audit_head (one boolean primary key check (one), seq bigint not null, hash text not null)`,
		`insert into audit_head values (true, 0, '')`,
		`create function refuse_change() returns trigger language plpgsql as
			$$ begin raise exception 'audit events are append-only'; end $$`,
		`create trigger audit_events_are_append_only before update or delete or truncate on audit_events
			for each statement execute function refuse_change()`,
	],
	[
		"alter table messages add column unclear integer not null default 0",
		// Submits are numbered, and an attempt names on whose standing it was sent.
		`update cancellations set record = record || jsonb_build_object('submitSeq', 0, 'attempts',
			(select coalesce(jsonb_agg(attempt || jsonb_build_object('by', record->'requester', 'grant', record->'grant')), '[]')
				from jsonb_array_elements(record->'attempts') attempt))`,
		`do $$ begin
			if to_regclass('pgboss.job') is not null then
				update pgboss.job set data = data || '{"seq": 0}' where name = 'submit';
			end if;
		end $$`,
	],
	[
		// The head is locked once, last, and for one round trip. The line stays text: its hash covers every byte.
		`create function append_audit(lines text[]) returns void language plpgsql as $$
			declare
				head audit_head;
				line text;
				said json;
			begin
				select * into strict head from audit_head for update;
				foreach line in array lines loop
					head.seq := head.seq + 1;
					line := '{"seq":' || head.seq || ',' || substr(line, 2);
					said := line;
					insert into audit_events (seq, at, type, user_id, job_id, cancellation_id, line, previous_hash, hash)
						values (head.seq, (said->>'at')::timestamptz, said->>'type', said->'actor'->>'userId',
							said->>'jobId', (said->>'cancellationId')::uuid, line, head.hash,
							encode(sha256(convert_to(head.hash || chr(10) || line, 'UTF8')), 'hex'))
						returning hash into head.hash;
				end loop;
				update audit_head set seq = head.seq, hash = head.hash;
			end $$`,
	],
	[
		// What waits for approval is open, too. Records from before have no decisions and need none.
		"drop index one_open_cancellation_per_job",
		`create unique index one_open_cancellation_per_job on cancellations (tenant_id, job_id)
			where state in ('awaiting-approval', 'submitting', 'stopping')`,
		`create index rejected_cancellations_by_job on cancellations (tenant_id, job_id) where state = 'rejected'`,
		// A cancellation may have several messages of one kind in a conversation: reminders, and cards found there.
		"alter table messages add column copy text not null default '', add column audience jsonb",
		"alter table messages drop constraint messages_subject_id_kind_conversation_key_key",
		"create unique index one_message_per_copy on messages (subject_id, kind, conversation_key, copy)",
		`create table approval_conversations (
			key text primary key,
			tenant_id text not null,
			added_by jsonb not null,
			added_at timestamptz not null
		)`,
	],
	[
		// For reading histories. Kept out of the record by the database itself: a poll, which changes the record and
		// none of these, still touches no index.
		`alter table cancellations
			add column opened_at text generated always as (record->>'openedAt') stored,
			add column people jsonb generated always as (lower((
				jsonb_path_query_array(record, '$.askers[*].actor') ||
				jsonb_path_query_array(record, '$.decisions[*].actor'))::text)::jsonb) stored`,
		"create index cancellations_by_time on cancellations (tenant_id, opened_at desc, id desc)",
		"create index cancellations_by_job on cancellations (tenant_id, job_id, opened_at desc, id desc)",
		"create index cancellations_by_people on cancellations using gin (people jsonb_path_ops)",
	],
	[
		`create table subscriptions (
			id uuid primary key,
			tenant_id text not null,
			kind text not null,
			conversation_key text not null,
			job_id text not null default '',
			record jsonb not null,
			unique (tenant_id, kind, conversation_key, job_id)
		)`,
		"create table watches (tenant_id text primary key, record jsonb not null)",
		`create table incidents (
			id uuid primary key,
			tenant_id text not null,
			job_id text not null,
			over_at timestamptz,
			version integer not null,
			record jsonb not null,
			unique (tenant_id, job_id)
		)`,
		"create index incidents_per_end on incidents (tenant_id, over_at)",
		"create table news (id uuid primary key, incident_id uuid, news jsonb not null, at timestamptz not null)",
		"create index news_by_time on news (at)",
		// When each limit of a line is free again; a line is a conversation, or the app as a whole, or what may wait of
		// either. A crash may forget them, so that taking a turn waits for no disk.
		"create unlogged table sending_lines (key text primary key, free_at timestamptz[] not null)",
		// Whose turn a message waits for: 1, its conversation's; 2, then the app's.
		"alter table messages add column slot_at timestamptz, add column turn smallint not null default 0",
		"create index messages_waiting on messages (turn, slot_at) where turn > 0",
		// The next turn in a line, taken and returned. Limits come as pairs: how many at once, and the step in milliseconds.
		`create function next_turn(line text, limits integer[], at timestamptz, waits boolean) returns timestamptz
			language plpgsql as $$
			declare
				free timestamptz[];
				slot timestamptz := at;
			begin
				select free_at into free from sending_lines where key = line for update;
				if not found then
					insert into sending_lines values (line, '{}') on conflict do nothing;
					select free_at into strict free from sending_lines where key = line for update;
				end if;
				if waits then
					for i in 1 .. array_length(limits, 1) / 2 loop
						slot := greatest(slot, free[i] - (limits[2 * i - 1] - 1) * limits[2 * i] * interval '1 millisecond');
					end loop;
				end if;
				for i in 1 .. array_length(limits, 1) / 2 loop
					free[i] := greatest(free[i], slot) + limits[2 * i] * interval '1 millisecond';
				end loop;
				update sending_lines set free_at = free where key = line;
				return slot;
			end $$`,
		// Has a message wait for its turn, which is returned. A new alert changes places with the first card in its line
		// whose update waits there: of a card only the newest state is sent, however late. The message's own row is locked
		// first, and no other is waited for.
		`create function await_turn(message uuid, conversation text, stage smallint, slot timestamptz,
				at timestamptz) returns timestamptz language plpgsql as $$
			declare
				card uuid;
				sooner timestamptz;
			begin
				update messages set slot_at = slot, turn = stage where id = message;
				if not exists (select from messages where id = message and kind = 'alert' and activity_id is null) then
					return slot;
				end if;
				select id, slot_at into card, sooner from messages
					where turn = stage and slot_at > at and slot_at < slot and kind in ('alert', 'follow')
						and activity_id is not null and (stage = 2 or split_part(conversation_key, ';', 1) = conversation)
					order by slot_at limit 1 for update skip locked;
				if not found then
					return slot;
				end if;
				update messages set slot_at = slot where id = card;
				update messages set slot_at = sooner where id = message;
				return sooner;
			end $$`,
		// In how many milliseconds a message may leave. What somebody waits for leaves now, and the others wait for it:
		// people do not ask faster than Teams allows. What may wait has a narrower line of its own, which never takes
		// the way from the rest, and joins the line of all when it leaves. The app's turn is taken only when the
		// conversation's has come: one busy channel must not hold up the others. Lines are locked in one order: a
		// conversation's for what may wait, the app's for that, the conversation's, the app's.
		`create function take_turn(message uuid, conversation text, rank text, own_all integer[], own_later integer[],
				app_all integer[], app_later integer[], at timestamptz) returns integer language plpgsql as $$
			declare
				slot timestamptz;
				stage smallint;
				later constant boolean := rank = 'later';
			begin
				select slot_at, turn into slot, stage from messages where id = message;
				if rank <> 'now' then
					if slot > at then
						return ceil(extract(epoch from slot - at) * 1000);
					end if;
					if stage = 0 then
						slot := case when later then next_turn(conversation || ' later', own_later, at, true)
							else next_turn(conversation, own_all, at, true) end;
						if slot > at then
							slot := await_turn(message, conversation, 1::smallint, slot, at);
							return ceil(extract(epoch from slot - at) * 1000);
						end if;
					end if;
					if stage < 2 then
						slot := case when later then next_turn(' later', app_later, at, true)
							else next_turn('', app_all, at, true) end;
						if slot > at then
							slot := await_turn(message, conversation, 2::smallint, slot, at);
							return ceil(extract(epoch from slot - at) * 1000);
						end if;
					end if;
				end if;
				if rank = 'now' or later then
					perform next_turn(conversation, own_all, at, false);
					perform next_turn('', app_all, at, false);
				end if;
				if stage > 0 then
					update messages set slot_at = null, turn = 0 where id = message;
				end if;
				return 0;
			end $$`,
	],
];

/** How long all steps together may take on a database that has grown, in milliseconds. */
const MIGRATION_LIMIT_MS = 10 * 60 * 1000;

/** The database was brought to a version that this program does not know. */
export class DatabaseNewer extends Error {
	readonly code = "database-newer";
	readonly settings = ["DATABASE_URL", "DATA_DIR"];
	constructor(found: number) {
		super(
			`The database is of version ${found}; this program knows only versions up to ${STEPS.length}, and changed nothing. A newer version of the bot has used it. Run the newer version again, or restore a backup from before the upgrade and then start this one.`,
		);
	}
}

/**
 * Brings the database to the newest version; instances that start together wait for each other.
 *
 * Rejects with `DatabaseNewer`, and changes nothing, when a newer program has been here.
 */
export async function migrate(database: Database): Promise<void> {
	await database.transaction(async (sql) => {
		await sql.query("select pg_advisory_xact_lock(hashtext('recovery-control schema'))");
		await sql.query("create table if not exists schema_version (version integer not null)");
		const [row] = await sql.query<{ version: number }>("select version from schema_version");
		const done = row?.version ?? 0;
		if (done > STEPS.length) throw new DatabaseNewer(done);
		for (const step of STEPS.slice(done)) for (const statement of step) await sql.query(statement);
		if (done === STEPS.length) return;
		await sql.query("delete from schema_version");
		await sql.query("insert into schema_version values ($1)", [STEPS.length]);
	}, MIGRATION_LIMIT_MS);
}
