// A static page has no server: these answer that no message ever comes.
const never = () => false;

export const KernelMessage = {
  isClearOutputMsg: never,
  isDisplayDataMsg: never,
  isErrorMsg: never,
  isExecuteResultMsg: never,
  isInputRequestMsg: never,
  isStreamMsg: never,
  isUpdateDisplayDataMsg: never,
};

export const ServerConnection = { makeSettings: () => ({}) };
