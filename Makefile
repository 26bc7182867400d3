# The commands of this repository. Each brings what it needs (scripts/ensure-*) or says in one sentence how to get it.

# The last file that crates/ui/web/build.mjs writes.
ASSETS := crates/ui/assets/vendor/icons.svg
export CARGO_TARGET_DIR := $(CURDIR)/target

.DEFAULT_GOAL := help
.PHONY: help demo test check assets build simulate mutants torture torture-intake run-browser-tests clean-demo

help: ## What can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-18s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# PostgreSQL comes first: whoever lacks it learns so before the build.
demo: ## Start Trunkline with 50 made-up clients and a make-believe Vapi
	@TRUNKLINE_PG_BIN=$$(scripts/ensure-postgres) || exit 1; export TRUNKLINE_PG_BIN; \
		$(MAKE) --no-print-directory build && exec target/debug/trunkline demo

test: ## Run every check and every test there is
	@scripts/test

check: assets ## Formatting and lints, in a minute
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings

assets: $(ASSETS) ## Fetch the front-end packages, if their list has changed

$(ASSETS): crates/ui/web/package-lock.json crates/ui/web/build.mjs crates/ui/web/icons.txt
	@scripts/build-assets

build: assets ## Build the program, in the profile that is there soonest
	@PATH="$$(scripts/ensure-rust):$$PATH" && cargo build --locked --package trunkline

simulate: assets ## Run the dispatch protocol in SEEDS=5000 bad worlds from BASE=1 on; SEED=n tells the story of one
	@PATH="$$(scripts/ensure-rust):$$PATH" && cargo build --locked --quiet --package dispatch-sim && \
		if [ -n "$(SEED)" ]; then target/debug/dispatch-sim seed $(SEED); \
		else target/debug/dispatch-sim run --seeds $(or $(SEEDS),5000) --base $(or $(BASE),1); fi

mutants: assets ## Switch off each protection of the protocol, and see that the simulation notices
	@PATH="$$(scripts/ensure-rust):$$PATH" && cargo run --locked --quiet --package dispatch-sim --features mutants -- \
		mutants --seeds $(or $(SEEDS),1000) --base $(or $(BASE),1)

run-browser-tests: build ## Only the tests in the browser
	@scripts/test browser

torture: assets ## Kill nodes at every failpoint and crash their Postgres: KILLS=840 CRASHES=30 SEED=1; WITHOUT=http5xx_definite breaks it
	@WITHOUT=$(WITHOUT) KILLS=$(or $(KILLS),840) CRASHES=$(or $(CRASHES),30) SEED=$(or $(SEED),1) scripts/torture

torture-intake: assets ## Send WEBHOOKS=100000 while their node is killed KILLS=40 times and its Postgres crashes CRASHES=5 times; SEED=1
	@WEBHOOKS=$(or $(WEBHOOKS),100000) KILLS=$(or $(KILLS),40) CRASHES=$(or $(CRASHES),5) SEED=$(or $(SEED),1) scripts/torture

clean-demo: ## Remove the data of the demo
	@scripts/clean-demo
