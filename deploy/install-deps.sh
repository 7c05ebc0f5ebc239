#!/usr/bin/env bash
# Installs what building, running or testing Waymark needs on Debian 12 and is not there yet. It asks whether the
# program, header or library itself is there, not which package brought it; says nothing when nothing is missing.
#
#   deploy/install-deps.sh build    to build and run (make demo)
#   deploy/install-deps.sh test     build, and what the tests use (make test, make lint)
#   deploy/install-deps.sh bench    build, and what the benchmarks use
#   deploy/install-deps.sh package  build, and what makes .deb packages
#   deploy/install-deps.sh fuzz     what the fuzz targets use (make test-long)
#   deploy/install-deps.sh fresh    what the test on a fresh machine uses (make test-long)
#
# Several may be named. Exit status: 0 all there, 1 something could not be installed, 2 usage.
set -euo pipefail

# What is looked for, and the Debian package that brings it. Looked for is one of
#   command NAME | header PATH | pkgconfig MODULE | cmake FILE | file PATH | r PACKAGE | python MODULE
needs_build='
command g++                                     g++
command cmake                                   cmake
command ninja                                   ninja-build
command pkg-config                              pkg-config
command ccache                                  ccache
command git                                     git
command protoc                                  protobuf-compiler
command grpc_cpp_plugin                         protobuf-compiler-grpc
header  google/protobuf/message.h               libprotobuf-dev
cmake   grpc/gRPCConfig.cmake                   libgrpc++-dev
header  grpcpp/grpcpp.h                         libgrpc++-dev
cmake   absl/abslConfig.cmake                   libabsl-dev
header  openssl/evp.h                           libssl-dev
pkgconfig openssl                               libssl-dev
cmake   SQLiteCpp/SQLiteCppConfig.cmake         libsqlitecpp-dev
header  sqlite3.h                               libsqlite3-dev
cmake   tomlplusplus/tomlplusplusConfig.cmake   libtomlplusplus-dev
cmake   CLI11/CLI11Config.cmake                 libcli11-dev
cmake   spdlog/spdlogConfig.cmake               libspdlog-dev
cmake   nlohmann_json/nlohmann_jsonConfig.cmake nlohmann-json3-dev
cmake   date/dateConfig.cmake                   libhowardhinnant-date-dev
header  boost/version.hpp                       libboost-dev
pkgconfig libzip                                libzip-dev
header  soci/soci.h                             libsoci-dev
header  sql.h                                   unixodbc-dev
pkgconfig libpq                                 libpq-dev
pkgconfig p11-kit-1                             libp11-kit-dev
pkgconfig xlsxwriter                            libxlsxwriter-dev
header  expat.h                                 libexpat1-dev
header  coin/ClpSimplex.hpp                     coinor-libclp-dev
header  kainjow/mustache.hpp                    libkainjow-mustache-dev
command node                                    nodejs
command npm                                     npm
file    /usr/share/zoneinfo/Europe/London       tzdata
'
needs_test='
cmake   GTest/GTestConfig.cmake                 libgtest-dev
header  gmock/gmock.h                           libgmock-dev
command clang-format                            clang-format
command python3                                 python3
command openssl                                 openssl
command faketime                                faketime
command softhsm2-util                           softhsm2
command Rscript                                 r-base-core
r       survival                                r-cran-survival
file    /usr/lib/python3/dist-packages/scipy    python3-scipy
file    /usr/lib/python3/dist-packages/openpyxl python3-openpyxl
file    /usr/lib/*-linux-*/libsoci_sqlite3.so.4.0 libsoci-sqlite3-4.0
file    /usr/lib/*-linux-*/libsoci_postgresql.so.4.0 libsoci-postgresql4.0
file    /usr/lib/*-linux-*/libsoci_odbc.so.4.0 libsoci-odbc4.0
file    /usr/lib/postgresql/15/bin/initdb       postgresql-15
file    /usr/lib/python3/dist-packages/google/protobuf python3-protobuf
command odbcinst                                odbcinst
file    /usr/lib/*-linux-*/odbc/libsqlite3odbc.so libsqliteodbc
file    /usr/lib/*-linux-*/odbc/psqlodbcw.so odbc-postgresql
command chromium                                chromium
'
needs_bench='
command python3                                 python3
python  ensurepip                               python3-venv
'
needs_package='
command dpkg-deb                                dpkg
command dpkg-shlibdeps                          dpkg-dev
command file                                    file
'
needs_fuzz='
command clang++                                 clang
file    /usr/lib/llvm-*/lib/clang/*/lib/linux/libclang_rt.fuzzer-x86_64.a libclang-rt-14-dev
'
needs_fresh='
command debootstrap                             debootstrap
command git                                     git
'

fail() {
  printf 'install-deps.sh: %s\n' "$1" >&2
  exit "${2:-1}"
}

# Whether any of the paths exists; patterns that match nothing stay as they are and do not exist.
any_exists() {
  local path
  for path in "$@"; do
    [ -e "$path" ] && return 0
  done
  return 1
}

is_there() {
  case $1 in
    command) command -v "$2" >/dev/null ;;
    header) any_exists /usr/include/"$2" /usr/include/*-linux-*/"$2" /usr/local/include/"$2" ;;
    pkgconfig) command -v pkg-config >/dev/null && pkg-config --exists "$2" ;;
    cmake) any_exists {/usr,/usr/local}/{lib,share}/cmake/"$2" /usr/lib/*-linux-*/cmake/"$2" ;;
    file) any_exists $2 ;; # unquoted: it may be a pattern
    r) any_exists /usr/lib/R/{library,site-library}/"$2" /usr/local/lib/R/{library,site-library}/"$2" ;;
    python) command -v python3 >/dev/null && python3 -c "import $2" 2>/dev/null ;;
    *) fail "unknown kind of need '$1'" ;;
  esac
}

# Prints a line "what package" for each thing that is missing.
missing() {
  local kind what package
  while read -r kind what package; do
    [ -z "$kind" ] || is_there "$kind" "$what" || printf '%s %s\n' "$what" "$package"
  done <<<"$1"
}

install() {
  command -v apt-get >/dev/null ||
    fail "these packages are missing, and this system has no apt-get (Waymark is built on Debian 12): $*"
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null ||
      fail "these packages are missing; run as root, or install sudo, or have them installed: $*"
    as_root=(sudo)
    [ -t 0 ] || as_root+=(-n)  # nobody is there to type a password
  fi
  local apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=600)
  quietly "apt-get update failed: check the network and /etc/apt/sources.list" "${apt[@]}" update
  quietly "apt-get could not install: $*" "${apt[@]}" install -y --no-install-recommends "$@"
}

# Runs a command and shows what it printed only where it failed; sudo's question goes to the terminal itself.
quietly() {
  local message=$1 output
  shift
  output=$("$@" 2>&1) || fail "$message
$output"
}

usage='usage: deploy/install-deps.sh build|test|bench|package|fuzz|fresh …'
[ $# -gt 0 ] || fail "$usage" 2
needs=''
for set in "$@"; do
  case $set in
    build) needs+=$needs_build ;;
    test) needs+=$needs_build$needs_test ;;
    bench) needs+=$needs_build$needs_bench ;;
    package) needs+=$needs_build$needs_package ;;
    fuzz) needs+=$needs_build$needs_fuzz ;;
    fresh) needs+=$needs_fresh ;;
    *) fail "unknown set '$set'; $usage" 2 ;;
  esac
done

lines=$(missing "$needs")
[ -n "$lines" ] || exit 0
mapfile -t packages < <(awk '{print $2}' <<<"$lines" | sort -u)
printf 'Installing what is missing: %s\n' "${packages[*]}"
install "${packages[@]}"
lines=$(missing "$needs")
[ -z "$lines" ] || fail "installed, but still not found (found by its file, package): $lines"
