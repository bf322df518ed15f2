import type { TokenCredential } from "@azure/identity";
import { refreshApproval } from "./app/approving/refresh-approval.js";
import { remind } from "./app/approving/remind.js";
import { submitCancellation } from "./app/cancelling/submit-cancellation.js";
import { watchCancellation } from "./app/cancelling/watch-cancellation.js";
import { workOnCall } from "./app/on-call/work-on-call.js";
import { answerPress } from "./app/requests/answer-press.js";
import { answerRequest, answerWithFailure } from "./app/requests/answer-request.js";
import { findJobs } from "./app/requests/find-jobs.js";
import { receiveRequest } from "./app/requests/receive-request.js";
import { showTyping } from "./app/requests/show-typing.js";
import { createWaitingRoom } from "./app/requests/waiting-room.js";
import { deliverMessage } from "./app/telling/deliver-message.js";
import { exportAsBytes } from "./audit/write-export.js";
import { drawFound, notHereWords } from "./cards/found-jobs.js";
import type { Pen } from "./cards/pen.js";
import { renderCard } from "./cards/render-card.js";
import { unknownButtonWords } from "./cards/reply-face.js";
import { wordsFor } from "./cards/words.js";
import type { Config } from "./config.js";
import { appLimits } from "./core/send-limits.js";
import { createDirectory } from "./graph/create-directory.js";
import { createOnCallGroup } from "./graph/create-on-call-group.js";
import { createRecoveryJobs } from "./graph/create-recovery-jobs.js";
import { createHttpServer } from "./http/server.js";
import { createCredential } from "./identity/create-credential.js";
import {
	approvalSettings,
	credentialSettings,
	moveLimits,
	onCallSettings,
	policySettings,
} from "./settings-for.js";
import { stopInOrder } from "./stop-in-order.js";
import { createStore } from "./store/create-store.js";
import type { Database } from "./store/database.js";
import { watchAvailability } from "./store/engines/availability.js";
import { readTrail } from "./store/tables/audit.js";
import { systemClock as clock, randomIds as ids } from "./system.js";
import { createBotAuthentication } from "./teams/authentication.js";
import { channelSettings } from "./teams/channel-settings.js";
import { createChannelTokenCheck } from "./teams/channel-token.js";
import { createFileUploads } from "./teams/file-uploads.js";
import { createFrontDoor } from "./teams/front-door.js";
import { createMessenger, type Render } from "./teams/messenger.js";
import { createRoutes, greetingKey } from "./teams/routes.js";
import { createServiceHosts } from "./teams/service-hosts.js";
import type { Logger } from "./telemetry/create-logger.js";
import { logAudited } from "./telemetry/log-audited.js";
import { createWork, type Handlers } from "./work/create-work.js";

/** Unexpected failures of an answer before the person is told; the pauses grow from one second. */
const ANSWER_FAILURES = 3;

export interface Bot {
	readonly url: string;
	/** Stops everything within ten seconds; says what did not end, and nothing when all did. */
	stop(): Promise<readonly string[]>;
}

/** Puts all parts together on a database that is up to date, starts the work and listens. */
export async function startBot(config: Config, log: Logger, opening: Promise<Database>): Promise<Bot> {
	const database = await opening;
	const availability = watchAvailability(() => database.probe(), log);
	const work = createWork(database, { log, suspect: availability.suspect });
	const store = createStore(database, {
		enqueue: work.enqueue,
		enqueued: work.enqueued,
		audited: (event) => logAudited(log, event),
		gate: { app: appLimits(config.TEAMS_REQUESTS_PER_SECOND) },
	});
	const credential = createCredential(credentialSettings(config));
	const policy = policySettings(config);
	const waitingRoom = createWaitingRoom();
	const graph = { endpoint: config.GRAPH_ENDPOINT, credential, log, clock, newId: () => ids.uuid() };
	const render: Render = (view, locale) =>
		renderCard(view, { locale, now: clock.now(), adminCenterUrl: config.ADMIN_CENTER_URL });
	const pen = (locale?: string): Pen => ({
		words: wordsFor(locale),
		now: clock.now(),
		adminCenterUrl: config.ADMIN_CENTER_URL,
	});
	const teams = createTeams(config, credential, { render, log });

	const deps = {
		store,
		clock,
		ids,
		policy,
		approvals: approvalSettings(config),
		waitingRoom,
		limits: moveLimits(config),
		jobs: createRecoveryJobs({ ...graph, apiVersion: config.GRAPH_API_VERSION }),
		directory: createDirectory({ ...graph, settings: policy }),
		onCallGroup: createOnCallGroup({ ...graph, groupId: config.ONCALL_GROUP }),
		onCall: onCallSettings(config),
		messenger: teams.messenger,
		files: createFileUploads(config.FILE_UPLOAD_HOSTS),
		trail: exportAsBytes((range) => readTrail(database.sql, range)),
		log,
	};
	const handlers: Handlers = {
		answer: async ({ requestId }, { failures }) => {
			if (failures < ANSWER_FAILURES) return answerRequest(requestId, deps);
			return answerWithFailure(requestId, `gave up after ${failures} failures`, deps);
		},
		submit: (submit) => submitCancellation(submit, deps),
		watch: (poll) => watchCancellation(poll, deps),
		post: ({ messageId }) => deliverMessage(messageId, deps),
		remind: (step) => remind(step, deps),
		"on-call": (work) => workOnCall(work, deps),
	};
	const routes = createRoutes(
		{
			async receive(incoming) {
				const { repeated } = await receiveRequest(incoming, deps);
				if (!repeated) showTyping(incoming, deps);
			},
			press: (incoming) => answerPress(incoming, deps),
			refresh: (looking) => refreshApproval(looking, deps),
			greet: async (incoming) => void (await receiveRequest(incoming, deps)),
			search: async (asked, locale) => drawFound(await findJobs(asked, deps), pen(locale)),
			absent: async (conversation, locale) =>
				(await teams.messenger.reaches(conversation)) ? undefined : notHereWords(pen(locale)),
			unknownButton: (locale) => unknownButtonWords(pen(locale)),
			removed: (key) =>
				store.transaction(async (tx) => {
					await tx.forgetRequest(greetingKey(key));
					await tx.leaveConversation(key);
				}),
		},
		render,
	);
	const frontDoor = createFrontDoor({ ...teams, routes, log });
	const http = createHttpServer({ ...frontDoor, ready: () => availability.check() }, log);

	await work.start(handlers);
	const { url } = await http.listen(config.HOST, config.PORT);
	log.info({ url, database: config.DATABASE_URL === undefined ? "embedded" : "server" }, "listening");
	return {
		url,
		async stop() {
			availability.stop();
			return stopInOrder([
				[
					{ name: "listener", limitMs: 5_200, stop: () => http.close() },
					// As long as can be: a POST to Graph that is cut off is of unknown fate. Work that does not end in
					// time is handed back, to be done by whoever runs next.
					{ name: "work", limitMs: 8_000, stop: () => work.stop(7_000) },
				],
				[{ name: "database", limitMs: 1_500, stop: () => database.close() }],
			]);
		},
	};
}

function createTeams(
	config: Config,
	credential: TokenCredential,
	{ render, log }: { readonly render: Render; readonly log: Logger },
) {
	const appId = config.MicrosoftAppId;
	const channel = channelSettings(config);
	const hosts = createServiceHosts(config.SERVICE_URL_HOSTS);
	const authentication = createBotAuthentication({ appId, channel }, { credential, hosts });
	return {
		hosts,
		authentication,
		messenger: createMessenger(
			{ appId, audience: channel.ToChannelFromBotOAuthScope },
			{ authentication, credential, hosts, render, log },
		),
		checkToken: createChannelTokenCheck({
			metadataUrl: channel.ToBotFromChannelOpenIdMetadataUrl,
			issuer: channel.ToBotFromChannelTokenIssuer,
			appId,
		}),
	};
}
