// What a command is: one object that button, key and menu all use.

export interface Action<Target> {
  name: string;
  /** What a button or a menu says; may depend on the target ("Like", "Take the like back"). */
  label: (target: Target) => string;
  icon?: string;
  /** As KeyboardEvent.key has it, lower case. */
  key?: string;
  possible: (target: Target) => boolean;
  perform: (target: Target) => void | Promise<void>;
}
