// The page's own few words, in English and Chinese. What the bot says is not in here.

const WORDS = {
  en: {
    here: "chat on this computer", connecting: "connecting…", typing: "typing…", sendingFile: "sending a file…", sendingPhoto: "sending a picture…",
    lost: "Connection lost. Trying again…", notSent: "Not sent: the connection is lost. Your text is still here.",
    message: "Message", caption: "Add a caption…", send: "Send", attach: "Attach a file", commands: "Commands", remove: "Remove {name}",
    start: "START", welcome: "Press START.\nThen drop in an export of your orders.", chat: "Messages", you: "You", edited: "edited",
    drop: "Drop the file to send it", asFile: "as a file", download: "Download {name}", photo: "Picture", enlarge: "Enlarge the picture", close: "Close", ok: "OK",
    down: "To the newest message", tooBig: "“{name}” has {size}. At most {limit} can be sent here; please send a smaller file.",
    empty: "“{name}” is empty: there is nothing to send.", startFirst: "Press START first; then the file can be sent.", folder: "A folder cannot be sent; please send the files in it.",
    failed: "Not sent. Press send to try again.", notStored: "It could not be stored: the disk is full or cannot be written to. Free some space and send it again.", gone: "This button is no longer there.", copied: "Copied", today: "Today", yesterday: "Yesterday", reveal: "Hidden text: press to show",
    shut: "This link was used before, or belongs to another start. Open the newest one that the console shows.", shutHere: "closed",
  },
  zh: {
    here: "在这台电脑上聊天", connecting: "正在连接…", typing: "正在输入…", sendingFile: "正在发送文件…", sendingPhoto: "正在发送图片…",
    lost: "连接已断开，正在重试…", notSent: "没有发出去：连接已断开。你的文字还在这里。",
    message: "消息", caption: "添加说明…", send: "发送", attach: "添加文件", commands: "命令", remove: "移除 {name}",
    start: "开始", welcome: "请先按“开始”，\n然后把订单导出文件拖进来。", chat: "消息", you: "我", edited: "已编辑",
    drop: "松开即可发送文件", asFile: "作为文件", download: "下载 {name}", photo: "图片", enlarge: "放大图片", close: "关闭", ok: "好",
    down: "回到最新消息", tooBig: "“{name}”有 {size}，这里最多能发 {limit}，请发小一点的文件。",
    empty: "“{name}”是空文件，没有内容可发。", startFirst: "请先按“开始”，然后再发文件。", folder: "不能发送文件夹，请发送里面的文件。",
    failed: "没有发出去。按发送键重试。", notStored: "没能存下来：磁盘满了，或者写不进去。腾出空间后再发一次。", gone: "这个按钮已经不在了。", copied: "已复制", today: "今天", yesterday: "昨天", reveal: "隐藏的文字：按一下显示",
    shut: "这个链接已经用过，或者是上次启动的。请打开控制台显示的最新链接。", shutHere: "未打开",
  },
};

const browsers = navigator.language || "en";
export let locale = browsers;
let words;
speak(null);

// Speak `code`, or the browser's own language where none is chosen; whether that is another one than before.
export function speak(code) {
  const before = locale;
  locale = code && code !== browsers.slice(0, 2).toLowerCase() ? code : browsers;
  words = locale.toLowerCase().startsWith("zh") ? WORDS.zh : WORDS.en;
  return locale !== before;
}

export function say(name, facts = {}) {
  return words[name].replace(/\{(\w+)\}/g, (_, fact) => facts[fact]);
}

export function time(seconds) {
  return new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit" }).format(new Date(seconds * 1000));
}

export function day(seconds) {
  const date = new Date(seconds * 1000);
  const ago = Math.round((new Date().setHours(0, 0, 0, 0) - new Date(date).setHours(0, 0, 0, 0)) / 86400000);
  if (ago === 0) return say("today");
  if (ago === 1) return say("yesterday");
  const withYear = date.getFullYear() === new Date().getFullYear() ? {} : { year: "numeric" };
  return new Intl.DateTimeFormat(locale, { month: "long", day: "numeric", ...withYear }).format(date);
}

export function size(bytes) {
  const units = ["B", "KB", "MB", "GB"];
  const power = Math.min(Math.floor(Math.log(Math.max(bytes, 1)) / Math.log(1024)), units.length - 1);
  const digits = power > 1 ? 1 : 0;
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(bytes / 1024 ** power);
  return `${number} ${units[power]}`;
}
