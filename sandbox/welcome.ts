import { PEOPLE } from "./cloud/people.js";

/** What a newcomer reads: where to look, what to type, and how to end it. */
export function welcome(
	url: string,
	jobs: { readonly recoveryId: string; readonly previewId: string },
): string {
	const { admin, ...others } = PEOPLE;
	return `
  Open   ${url}

  and type, as ${admin.name}, who is an Entra Backup Administrator:

    jobs
    cancel job ${jobs.recoveryId} because wrong snapshot

  Running: recovery job ${jobs.recoveryId}
           preview job  ${jobs.previewId}

  To be somebody else, type "sandbox be reader" (or ${Object.keys(others)
		.filter((key) => key !== "reader")
		.join(", ")}) in the chat,
  or in another shell: npm run sandbox -- be reader
  Approvals: "sandbox be nobody", cancel the job and press "Ask for approval"; "sandbox be admin", press "Approve".
  Two people, and the emergency way: "sandbox approvals two-person".
  On call: type "alerts on", then "sandbox job recovery", press "I have it", and "sandbox fail"; or wait a minute, and
  ${PEOPLE.admin2.name} (admin2) and ${PEOPLE.reader.name} (reader), who are on call, are called. Then "handover".
  More jobs: "sandbox job recovery". Trouble: "sandbox fault 429". All of it: "sandbox help".
  Ctrl+C ends it.
`;
}
