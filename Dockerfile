# A Muster worker; the same image is the command line: docker-compose.yml, docs/deploy.md
FROM node:20.20.2-bookworm-slim AS build
WORKDIR /opt/muster
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json ./
COPY scripts/build.mjs scripts/
COPY src src
RUN npm run build

FROM node:20.20.2-bookworm-slim
WORKDIR /opt/muster
COPY package.json package-lock.json .npmrc LICENSE ./
RUN npm ci --omit=dev --ignore-scripts && npm cache clean --force
COPY --from=build /opt/muster/dist dist
COPY roles roles
COPY scaffolds scaffolds
COPY prices.json ./
COPY deploy/healthy.mjs deploy/
# A volume that is new takes its owner from here.
RUN chmod +x dist/cli/main.js \
  && ln -s /opt/muster/dist/cli/main.js /usr/local/bin/muster \
  && install -d -o node -g node -m 0700 /var/lib/muster
# As many arenas as cores allow keep memory that nobody uses.
ENV NODE_ENV=production MUSTER_HOME=/var/lib/muster MALLOC_ARENA_MAX=2
USER node
WORKDIR /plans
HEALTHCHECK --interval=30s --timeout=15s --start-period=1m CMD ["node", "/opt/muster/deploy/healthy.mjs"]
ENTRYPOINT ["node", "/opt/muster/dist/cli/main.js"]
CMD ["worker"]
