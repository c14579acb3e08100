# Sourced by packaging/run and packaging/test: makes what they need and does not touch what is there already.
#
#   bootstrap run|test    sets PYTHON; exits 3, with one clear sentence, when it could not
#
# "run" is what the program needs, "test" adds what its tests need. The Python environment is .venv in the
# checkout, made from the hashed lock files; the system's libraries come from Debian or Ubuntu where that is
# the system. A stamp in .venv says for which locks, script and place it was made: while it holds, a start
# costs one checksum and nothing else.

readonly ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
readonly VENV=$ROOT/.venv
readonly STAMPS=$VENV/set-up-for # .run and .test
readonly BUSY=$VENV/being-set-up # there while packages are written: found at a start, the last set-up was cut off
PYTHON=$VENV/bin/python

say() { printf 'vtt-desktop: %s\n' "$*" >&2; }
fail() { say "$*"; exit 3; }

bootstrap() {
    local kind=$1
    if ! set_up_already "$kind"; then
        [ -w "$ROOT" ] || fail "the environment is missing and $ROOT cannot be written to; make it writable and try again."
        # A subshell, so that the lock (on this file: no litter) is let go whatever happens.
        (
            if command -v flock >/dev/null && ! flock --nonblock 9; then
                say "another set-up is running here; waiting for it."
                flock 9
            fi
            set_up_already "$kind" || set_up "$kind"
        ) 9<"$ROOT/packaging/bootstrap.sh" || exit $?
    fi
}

# What an environment of this kind must have been made for. Moving the checkout breaks a venv, hence ROOT.
wanted_stamp() {
    local lock=requirements.lock
    [ "$1" = test ] && lock=requirements-dev.lock
    local sums
    if command -v sha256sum >/dev/null; then
        sums=$(cd "$ROOT/packaging" && sha256sum bootstrap.sh "$lock")
    else
        sums=$(cd "$ROOT/packaging" && shasum -a 256 bootstrap.sh "$lock")
    fi
    printf '%s\n%s\n' "$ROOT" "$sums"
}

# Whether a kind is ready. What was made for the tests also runs the program.
set_up_already() {
    local made
    [ -x "$PYTHON" ] && [ ! -e "$BUSY" ] || return 1
    for made in "$1" test; do
        [ -f "$STAMPS.$made" ] && [ "$(<"$STAMPS.$made")" = "$(wanted_stamp "$made")" ] && return 0
    done
    return 1
}

set_up() {
    local kind=$1 started=$SECONDS base_python
    say "setting up (once; a minute or two)"
    find_python
    install_system_packages "$kind"
    find_python # again: it may just have come
    [ -n "$base_python" ] && has_venv "$base_python" ||
        fail "no Python 3.11, 3.12 or 3.13 with its venv module was found; install one and try again."
    make_environment "$kind"
    say "set up in $((SECONDS - started)) s"
}

# --- Python ------------------------------------------------------------------------------------------------

# Sets base_python: one with venv if there is one, else the first of a fitting version, else nothing.
find_python() {
    local name path
    base_python=
    for name in python3.11 python3.12 python3.13 python3 /usr/bin/python3; do
        path=$(command -v "$name") && fits "$path" || continue
        has_venv "$path" && { base_python=$path; return; }
        [ -n "$base_python" ] || base_python=$path
    done
}

fits() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; }
has_venv() { "$1" -c 'import ensurepip, venv' 2>/dev/null; }

make_environment() {
    local kind=$1 lock=requirements.lock
    [ "$kind" = test ] && lock=requirements-dev.lock
    # An environment that is whole is brought up to date; anything else is made anew.
    if [ -e "$BUSY" ] || ! usable_environment; then
        rm -rf -- "$VENV" || fail "the old environment $VENV cannot be removed."
        say "making the Python environment with $("$base_python" --version)"
        mkdir -p -- "$VENV" && : >"$BUSY" || fail "$ROOT cannot be written to."
        "$base_python" -m venv "$VENV" >"$VENV/set-up.log" 2>&1 || fail_with_log "the Python environment could not be made"
    fi
    : >"$BUSY"
    rm -f -- "$STAMPS".*
    install_packages "$lock"
    # The package itself is run from the checkout.
    printf '%s\n' "$ROOT" >"$("$PYTHON" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/vtt-desktop-checkout.pth"
    "$PYTHON" -c 'import PySide6.QtWidgets, PySide6.QtMultimedia' >"$VENV/set-up.log" 2>&1 ||
        fail_with_log "everything is installed, but Qt cannot be loaded"
    wanted_stamp "$kind" >"$STAMPS.$kind"
    rm -f -- "$BUSY"
}

usable_environment() { [ -x "$PYTHON" ] && fits "$PYTHON" && "$PYTHON" -m pip --version >/dev/null 2>&1; }

install_packages() {
    local line name
    say "installing Python packages (some 350 MB are fetched the first time)"
    # Wheels only: a source package would run its own build, with parts that no hash covers.
    "$PYTHON" -m pip install --no-input --disable-pip-version-check --no-warn-script-location --progress-bar off \
        --only-binary :all: --require-hashes --requirement "$ROOT/packaging/$1" 2>&1 9>&- |
        tee "$VENV/set-up.log" |
        while IFS= read -r line; do
            [ -t 2 ] && [[ $line == Collecting* ]] || continue
            name=${line#Collecting }
            printf '\r\033[K  %s' "${name%% *}" >&2
        done
    local status=${PIPESTATUS[0]}
    [ -t 2 ] && printf '\r\033[K' >&2
    [ "$status" -eq 0 ] && return
    # pip fetches all before it changes anything, and takes back what it could not finish: no need to begin anew.
    rm -f -- "$BUSY"
    grep -qE 'NewConnectionError|NameResolutionError|ConnectTimeoutError|Network is unreachable' "$VENV/set-up.log" &&
        fail "the Python package index cannot be reached; look at the network, then try again (all of it: $VENV/set-up.log)."
    fail_with_log "the Python packages could not be installed"
}

# Says what went wrong with the last thing that the tool itself said.
fail_with_log() {
    local reason
    reason=$(grep -E '^(ERROR|[A-Za-z]*Error|error)' "$VENV/set-up.log" | tail -n 1)
    reason=${reason#ERROR: }
    fail "$1: ${reason:-$(tail -n 1 "$VENV/set-up.log")} (all of it: $VENV/set-up.log)"
}

# --- Libraries of the system -------------------------------------------------------------------------------

# One a line: what proves that it is there, and Debian's package of it. A library is proved by its name, since
# package names differ between releases; a / starts a file, a + a command.
readonly NEEDED_TO_RUN='
libglib-2.0.so.0 libglib2.0-0
libGL.so.1 libgl1
libEGL.so.1 libegl1
libdbus-1.so.3 libdbus-1-3
libfontconfig.so.1 libfontconfig1
libfreetype.so.6 libfreetype6
libgssapi_krb5.so.2 libgssapi-krb5-2
libz.so.1 zlib1g
libzstd.so.1 libzstd1
libbz2.so.1.0 libbz2-1.0
libxkbcommon.so.0 libxkbcommon0
libxkbcommon-x11.so.0 libxkbcommon-x11-0
libX11-xcb.so.1 libx11-xcb1
libXext.so.6 libxext6
libXrandr.so.2 libxrandr2
libXrender.so.1 libxrender1
libdrm.so.2 libdrm2
libpulse.so.0 libpulse0
libwayland-client.so.0 libwayland-client0
libwayland-cursor.so.0 libwayland-cursor0
libwayland-egl.so.1 libwayland-egl1
libxcb-cursor.so.0 libxcb-cursor0
libxcb-glx.so.0 libxcb-glx0
libxcb-icccm.so.4 libxcb-icccm4
libxcb-image.so.0 libxcb-image0
libxcb-keysyms.so.1 libxcb-keysyms1
libxcb-randr.so.0 libxcb-randr0
libxcb-render.so.0 libxcb-render0
libxcb-render-util.so.0 libxcb-render-util0
libxcb-shape.so.0 libxcb-shape0
libxcb-shm.so.0 libxcb-shm0
libxcb-sync.so.1 libxcb-sync1
libxcb-xfixes.so.0 libxcb-xfixes0
libxcb-xkb.so.1 libxcb-xkb1
/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf fonts-dejavu-core
'
# Tests of the real window open it on a screen of their own.
readonly NEEDED_TO_TEST='
+Xvfb xvfb
+xauth xauth
+xdotool xdotool
'

install_system_packages() {
    [ "$(uname -s)" = Linux ] || return 0
    local missing packages=() update install proofs
    missing=$(what_is_missing "$1")
    while read -r _ package; do [ -n "$package" ] && packages+=("$package"); done <<<"$missing"
    if ! command -v apt-get >/dev/null; then
        # Fonts lie elsewhere on other systems: only libraries and commands count there.
        proofs=$(sed -n 's/^+\{0,1\}\([^/ ]*\) .*/\1/p' <<<"$missing" | paste -sd ' ')
        [ -z "$proofs" ] || fail "this system lacks $proofs; install them with its package manager and try again."
        return 0
    fi
    # Debian takes venv out of its Python; a Python from elsewhere without it is no use, so the system's it is.
    if [[ $base_python == /usr/bin/* ]]; then
        has_venv "$base_python" ||
            packages+=("$("$base_python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')")
    elif [ -z "$base_python" ] || ! has_venv "$base_python"; then
        packages+=(python3 python3-venv)
    fi
    [ ${#packages[@]} -gt 0 ] || return 0

    update="apt-get update"
    install="apt-get install -y --no-install-recommends ${packages[*]}"
    local become=()
    if [ "$(id -u)" -ne 0 ]; then
        # Without a terminal nobody can type a password.
        if ! command -v sudo >/dev/null || { [ ! -t 0 ] && ! sudo -n true 2>/dev/null; }; then
            say "some packages of the system are missing, and only root may install them. Type this, then try again:"
            printf '    sudo %s && sudo %s\n' "$update" "$install" >&2
            exit 3
        fi
        become=(sudo)
    fi
    say "installing ${#packages[@]} packages of the system: ${packages[*]}"
    local log
    log=$(mktemp) || fail "no temporary file can be made."
    # The list is fetched first: a bare system has none, and an old one names files that are gone. When that
    # fails (no network, packages on a disk), the install may still work.
    "${become[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 update \
        >"$log" 2>&1 </dev/null 9>&- || true
    "${become[@]}" env DEBIAN_FRONTEND=noninteractive $install -qq -o DPkg::Lock::Timeout=300 \
        >>"$log" 2>&1 </dev/null 9>&- || {
        say "the system's packages could not be installed: $(grep '^E:' "$log" | head -n 1)"
        printf '    to see why: %s%s && %s%s\n' "${become:+sudo }" "$update" "${become:+sudo }" "$install" >&2
        rm -f -- "$log"
        exit 3
    }
    rm -f -- "$log"
}

what_is_missing() {
    local known needed=$NEEDED_TO_RUN proof package ldconfig
    [ "$1" = test ] && needed+=$NEEDED_TO_TEST
    ldconfig=$(PATH=$PATH:/sbin:/usr/sbin command -v ldconfig) || return 0
    known=$("$ldconfig" -p)
    while read -r proof package; do
        case $proof in
            '') continue ;;
            /*) [ -e "$proof" ] && continue ;;
            +*) command -v "${proof#+}" >/dev/null && continue ;;
            *) [[ $known == *"	$proof "* ]] && continue ;;
        esac
        printf '%s %s\n' "$proof" "$package"
    done <<<"$needed"
}
