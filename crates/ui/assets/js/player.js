// The player: the browser's own controls are replaced by a waveform that one can seek in and that the transcript follows.
const RATES = [1, 1.5, 2];

function bindPlayers() {
  findAll("[data-player]:not([data-ready])").forEach(bindPlayer);
}

function bindPlayer(player) {
  const audio = find("audio", player);
  const wave = find(".wave", player);
  const play = find("[data-play]", player);
  const length = +player.dataset.seconds;
  const call = player.closest("[data-call]");
  player.dataset.ready = "yes";
  audio.controls = false;

  const show = (second) => {
    wave.style.setProperty("--p", `${length ? (second / length) * 100 : 0}%`);
    wave.setAttribute("aria-valuenow", Math.round(second));
    wave.setAttribute("aria-valuetext", `${timeText(second)} of ${timeText(length)}`);
    find("[data-now]", player).textContent = timeText(second);
    markTurn(call, second, !audio.paused);
  };
  const seek = (second) => {
    audio.currentTime = Math.max(0, Math.min(length, second));
    show(audio.currentTime);
  };
  const toggle = () => (audio.paused ? audio.play() : audio.pause());
  const seekTo = (event) => {
    const box = wave.getBoundingClientRect();
    seek(((event.clientX - box.left) / box.width) * length);
  };

  play.onclick = toggle;
  audio.onplay = audio.onpause = () => {
    play.setAttribute("aria-pressed", !audio.paused);
    play.setAttribute("aria-label", audio.paused ? "Play" : "Pause");
  };
  audio.ontimeupdate = () => show(audio.currentTime);
  audio.onerror = () => player.replaceChildren(element("p", "note", "The recording cannot be played at the moment."));
  for (const button of findAll("[data-skip]", player)) {
    button.onclick = () => seek(audio.currentTime + +button.dataset.skip);
  }
  find("[data-rate]", player).onclick = (event) => {
    audio.playbackRate = RATES[(RATES.indexOf(audio.playbackRate) + 1) % RATES.length];
    event.currentTarget.firstChild.textContent = `${audio.playbackRate}×`;
  };
  wave.onpointerdown = (event) => {
    wave.setPointerCapture(event.pointerId);
    seekTo(event);
    wave.onpointermove = seekTo;
  };
  wave.onpointerup = wave.onpointercancel = () => (wave.onpointermove = null);
  wave.onkeydown = (event) => {
    const second = audio.currentTime;
    const goals = {
      ArrowLeft: second - 5,
      ArrowRight: second + 5,
      PageDown: second - 15,
      PageUp: second + 15,
      Home: 0,
      End: length,
    };
    if (event.key in goals) seek(goals[event.key]);
    else if (event.key === " ") toggle();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  call.addEventListener("click", (event) => {
    const button = event.target.closest("[data-seek]");
    if (button) seek(+button.dataset.seek);
  });
}

function markTurn(call, second, isFollowed) {
  for (const turn of findAll("[data-from]", call)) {
    const isCurrent = second > 0 && second >= +turn.dataset.from && second < +(turn.dataset.until ?? Infinity);
    if (isCurrent === (turn.ariaCurrent === "true")) continue;
    if (isCurrent) turn.setAttribute("aria-current", "true");
    else turn.removeAttribute("aria-current");
    if (isCurrent && isFollowed) turn.scrollIntoView({ block: "nearest", behavior: "smooth" });
  }
}

// Words that are looked for are marked in the transcript.
on("input", (event) => {
  if (!event.target.matches("[data-find]")) return;
  const words = event.target.value.trim().toLowerCase();
  for (const text of findAll("[data-turns] p")) {
    const whole = text.textContent;
    const place = words.length > 1 ? whole.toLowerCase().indexOf(words) : -1;
    if (place < 0) {
      text.textContent = whole;
    } else {
      const end = place + words.length;
      text.replaceChildren(whole.slice(0, place), element("mark", "", whole.slice(place, end)), whole.slice(end));
    }
  }
});

bindPlayers();
on("htmx:after:swap", bindPlayers);
