# The worker's image: `docker build -t sluice-worker .`
#
# Linked with glibc, not static: SQLite and ring are C and assembly that build with the image's own compiler, and a
# target for musl would bring another allocator, which is slow when many threads ask it, for 20 MB less.
FROM rust:1.95-bookworm AS build
WORKDIR /build
COPY . .
RUN cargo build --locked --release --package sluice-worker --features aws \
    && install -D target/release/sluice-worker /image/usr/local/bin/sluice-worker

# glibc, libgcc, certificates and a user without rights; no shell, no package manager.
FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=build /image/ /
USER nonroot:nonroot
# Only a stage that sorts writes to disk, below the folder that it is started in. For all others the root may be
# read-only, and in their job definitions is.
WORKDIR /tmp
# Job definitions bring the whole command, `sluice-worker` included; `docker run IMAGE --plan …` works as well.
ENTRYPOINT ["/usr/local/bin/sluice-worker"]
