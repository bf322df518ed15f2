import { writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Person } from "./cloud/people.js";
import { type Child, startChild } from "./start-child.js";

const START_LIMIT_MS = 30_000;
const LOOK_LIMIT_MS = 5_000;
/** The Playground takes exactly so many. */
const OTHER_USERS = 5;
const PACKAGE = "@microsoft/m365agentsplayground";

export interface Playground {
	readonly url: string;
	readonly exited: Promise<unknown>;
	stop(): Promise<void>;
}

/**
 * Starts Microsoft 365 Agents Playground as the chat client. It sends activities to `endpoint`, unsigned,
 * and serves a connector at `<url>/_connector`.
 *
 * Rejects when it ends before it answers or takes too long; no process stays behind.
 */
export async function startPlayground(settings: {
	readonly port: number;
	readonly endpoint: string;
	/** Where its configuration is written; it reads it from its working directory. */
	readonly directory: string;
	readonly tenantId: string;
	readonly botId: string;
	readonly current: Person;
	readonly others: readonly Person[];
}): Promise<Playground> {
	const { port, endpoint, directory } = settings;
	// YAML takes JSON. Its built-in people have object ids that are no GUIDs, hence our own.
	await writeFile(
		join(directory, ".m365agentsplayground.yml"),
		JSON.stringify(configuration(settings), null, "\t"),
	);
	const cli = createRequire(import.meta.url).resolve(`${PACKAGE}/cli.js`);
	const child = startChild(cli, {
		args: ["start", "-e", endpoint, "-c", "msteams", "-p", String(port), "--dt"],
		cwd: directory,
		output: "ignore",
		// It would open a browser of its own.
		env: { ...process.env, TEAMSAPPTESTER_BROWSER: "none" },
		preloads: ["stay-on-loopback.js"],
	});
	const url = `http://localhost:${port}`;
	try {
		await answering(url, child);
	} catch (error) {
		await child.kill();
		throw error;
	}
	return { url, exited: child.exited, stop: child.stop };
}

async function answering(url: string, child: Child): Promise<void> {
	const end = Date.now() + START_LIMIT_MS;
	let ended = false;
	const note = () => {
		ended = true;
	};
	child.exited.then(note, note);
	while (Date.now() < end && !ended) {
		const up = await fetch(url, { signal: AbortSignal.timeout(LOOK_LIMIT_MS) }).then(
			(response) => response.ok,
			() => false,
		);
		if (up) return;
		await delay(200);
	}
	throw new Error(
		ended
			? "the Playground could not start; its devTools log in the sandbox's directory says why"
			: "the Playground did not start in time",
	);
}

function configuration({ tenantId, botId, current, others }: Parameters<typeof startPlayground>[0]): object {
	return {
		version: "0.1.1",
		tenantId,
		bot: { id: botId, name: "Recovery Control" },
		// The client shows this one name for whoever is played; the cards tell who it is.
		currentUser: { ...user(current), name: "Whom you play" },
		users: others.slice(0, OTHER_USERS).map(user),
		personalChat: { id: "personal-chat" },
		groupChat: { id: "group-chat", name: "Incident room" },
		team: {
			id: "team",
			name: "Identity team",
			aadGroupId: "80000000-0000-4000-8000-000000000001",
			// Every team has a General channel, and the client makes it.
			channels: [],
		},
	};
}

function user(person: Person): object {
	const [givenName = person.name, surname = ""] = person.name.split(" ");
	const address = `${person.key}@contoso.example`;
	return {
		id: person.channelUserId,
		name: person.name,
		userPrincipleName: address,
		aadObjectId: person.userId,
		givenName,
		surname,
		email: address,
	};
}
