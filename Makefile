# Shorthands for people at a keyboard; `make` lists them. Nothing needs them: ./run and ./run test do the work.
.DEFAULT_GOAL := commands
.PHONY: commands run check test format page migration

commands: ## List the commands
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/make \1\t\2/' | expand -t 18

run: ## Start the gallery
	./run

check: ## Every check and test, as the build server runs them
	./run test

test: ## Python's tests alone; make test a="-k words"
	./run test $(or $(a),backend/tests)

format: ## Put the code into shape
	.venv/bin/ruff format . && .venv/bin/ruff check --fix .

page: ## Build index.html from frontend/
	cd frontend && npm run build

migration: ## Write a migration; make migration m="stars on posts"
	PYTHONPATH=backend .venv/bin/alembic revision --autogenerate -m "$(m)"
