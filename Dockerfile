# Native modules are built where the tools for it are; the image that runs has none of them.
FROM node:24-bookworm AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
RUN npm run build --if-present && npm prune --omit=dev

FROM node:24-bookworm-slim
RUN apt-get update \
  && apt-get install --yes --no-install-recommends ca-certificates git openssh-client \
  && rm -rf /var/lib/apt/lists/* \
  && mkdir -p /data /workspace \
  && chown node:node /data /workspace
WORKDIR /app
COPY --from=build --chown=root:root /app /app
ENV NODE_ENV=production
USER node
# The program is the command: api/main.ts or workers/main.ts.
ENTRYPOINT ["node", "--import", "tsx"]
CMD ["api/main.ts"]
