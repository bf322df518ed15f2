import { randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import buildIfChanged from "../sandbox/build-if-changed.mjs";

await buildIfChanged();
const sandbox = "../build/sandbox";
const { botEnvironment } = await import(`${sandbox}/bot-environment.js`);
const { startBotProcess } = await import(`${sandbox}/bot-process.js`);
const { PEOPLE } = await import(`${sandbox}/cloud/people.js`);
const { startCloud } = await import(`${sandbox}/cloud/start-cloud.js`);
const { Teardown } = await import(`${sandbox}/teardown.js`);

/** Runs the built bot on the given Node binary, cancels one job and checks that the end is announced. */
async function cancelOneJob(nodePath, teardown) {
	const directory = await mkdtemp(join(tmpdir(), "recovery-control-"));
	await teardown.add(() => rm(directory, { recursive: true, force: true }));
	const cloud = await startCloud();
	await teardown.add(() => cloud.stop());
	const caPath = join(directory, "ca.pem");
	await writeFile(caPath, cloud.tls.cert);
	const settings = botEnvironment(cloud, { caPath, dataDirectory: join(directory, "data") });
	const bot = await startBotProcess({ ...settings, WATCH_POLL_MIN_MS: "200" }, { nodePath });
	await teardown.add(() => bot.stop());
	try {
		await cancelThrough(bot, cloud);
	} catch (error) {
		process.stdout.write(`${bot.lines.join("\n")}\n`);
		throw error;
	}
}

async function cancelThrough(bot, cloud) {
	const job = cloud.addJob({ stopLagMs: 500 });
	const serviceUrl = `${cloud.origin}/teams/`;
	const { admin } = PEOPLE;
	const response = await fetch(`${bot.url}/api/messages`, {
		method: "POST",
		headers: {
			"content-type": "application/json",
			authorization: `Bearer ${await cloud.channel.sign({ serviceurl: serviceUrl })}`,
		},
		body: JSON.stringify({
			type: "message",
			id: randomUUID(),
			channelId: "msteams",
			serviceUrl,
			from: { id: admin.channelUserId, name: admin.name, aadObjectId: admin.userId },
			recipient: { id: `28:${cloud.appId}`, name: "Recovery Control" },
			conversation: { id: "chat", conversationType: "personal", tenantId: cloud.tenantId },
			channelData: { tenant: { id: cloud.tenantId } },
			text: `cancel job ${job.id}`,
		}),
	});
	if (response.status !== 200) throw new Error(`the bot answered ${response.status}`);
	await cloud.connector.find("the announcement", ({ activity }) =>
		/"alert":true/u.test(JSON.stringify(activity)),
	);
}

const nodePath = process.argv[2] ?? process.execPath;
const teardown = new Teardown();
const failed = (error) => {
	process.stdout.write(`${nodePath}: ${error instanceof Error ? error.message : error}\n`);
	process.exitCode = 1;
};
await cancelOneJob(nodePath, teardown).then(
	() => process.stdout.write(`${nodePath}: one job cancelled, its end announced\n`),
	failed,
);
await teardown.run(failed);
