/** Tests of `test/app` that judge several files, as one file: each changed source opens one database, not many. */
import "../app/answer-press.test.js";
import "../app/cancel.test.js";
import "../app/crash.test.js";
import "../app/deliver-message.test.js";
