#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# An egress gateway, haproxy, which lets TLS through by the name that is asked
# for, and is the only way to the internet. One pod may not even go there, and
# keeps its database, which is redis. What tries to get out by other ways is told
# of. The policies are those of docs/examples/egress-gateway.yaml.

. "${0%/*}/lib.sh"
. "${0%/*}/servers.sh"

policy_file=${0%/*}/../../docs/examples/egress-gateway.yaml

start egress/gateway,app=egress-gateway company/worker,internet=by-gateway \
	company/reports,app=reports company/database,app=database \
	other/pod,internet=by-gateway kube-system/dns,k8s-app=kube-dns
ask serve "${netns[outside]}" outside 53/udp 8443/tcp
ask serve "${netns[kube-system/dns]}" dns 53/udp 53/tcp

ip netns exec "$node" nft -f - <<- END
	table inet services {
		chain prerouting {
			type nat hook prerouting priority dstnat;
			dnat ip to ip daddr . tcp dport map {
				10.96.0.20 . 443 : ${address4[egress/gateway]} . 443,
				10.96.0.21 . 6379 : ${address4[company/database]} . 6379,
				10.96.0.22 . 443 : ${address4[company/worker]} . 80
			}
			dnat ip6 to ip6 daddr . tcp dport map {
				fd00:96::20 . 443 : ${address6[egress/gateway]} . 443
			}
			ip daddr 10.96.0.53 udp dport 53 dnat to ${address4[kube-system/dns]}:53
		}
	}
END

# What the workloads know by these names is the gateway's service.
certificate DNS:files.example.com DNS:mirror.example.com DNS:secret.example.com \
	IP:198.51.100.7 IP:192.0.2.10 IP:2001:db8::10
for host in files mirror secret; do
	hosts+=(--resolve "$host.example.com:443:10.96.0.20,[fd00:96::20]")
done

mkdir "$work/files"
head -c 300000 /dev/urandom > "$work/files/data"
serve_web outside <<- END
	ssl_certificate $work/certificate.pem;
	ssl_certificate_key $work/key.pem;
	server {
		listen 443 ssl;
		listen [::]:443 ssl;
		location / { return 200 "outside \$host \$server_addr \$remote_addr\n"; }
		location /data { root $work/files; }
	}
END

cat > "$work/haproxy.conf" <<- END
	defaults
		mode tcp
		timeout connect ${deadline}s
		timeout client ${deadline}s
		timeout server ${deadline}s
	frontend out
		bind :443
		bind :::443 v6only
		tcp-request inspect-delay ${deadline}s
		tcp-request content accept if { req.ssl_sni files.example.com mirror.example.com }
		tcp-request content reject
		use_backend mirror if { req.ssl_sni mirror.example.com }
		default_backend files
	backend files
		server files 198.51.100.7:443
	backend mirror
		server mirror [2001:db8::10]:443
END
run_server egress/gateway haproxy haproxy -db -f "$work/haproxy.conf"
run_server company/database redis redis-server --port 6379 --bind 0.0.0.0 :: \
	--protected-mode no --save '' --dir "$work"
wait_for web-outside 443
wait_for haproxy 443
wait_for redis 6379

# database POD ADDRESS SECONDS COMMAND...: what redis answers, in one line, or deny
# when it did not in time.
database() {
	local status=0
	output=$(printf '%s\n' "${@:4}" | in_pod "$1" timeout "$3" redis-cli -h "$2" 2>&1 |
		xargs) || status=$?
	((status != 124)) || output=deny
}

# All of it is open as long as no policy says otherwise.
apply < /dev/null
expect_web "without policies" <<- END
	company/worker https://198.51.100.7/ outside
	company/worker https://192.0.2.10/ outside
	company/worker https://[2001:db8::10]/ outside
	company/reports https://198.51.100.7/ outside
	company/reports https://[2001:db8::10]/ outside
	company/reports https://files.example.com/ outside -4
	other/pod https://files.example.com/ outside -4
	other/pod https://files.example.com/ outside -6
	outside https://files.example.com/ outside -4
END

# leaves DESCRIPTION WANTED: a datagram of a text of its own from both workloads,
# and who sent it as the server outside saw it: an answer may be lost on its way
# back.
leaves() {
	local name text
	for name in worker reports; do
		text=$name-$SRANDOM
		probe "company/$name" outside 53/udp deny "text=$text"
		ask received "$text"
		is "$1: a datagram of $name arrives" "${answer/${address4[company/$name]}/yes}" "$2"
	done
}
leaves "without policies" yes

expect "without policies" <<- END
	company/worker outside 53/udp accept
	company/worker 198.51.100.7 8443/tcp accept
	company/worker outside icmp accept
	company/worker [outside] icmpv6 accept
	company/worker [outside] 53/udp accept
	company/worker company/database 80/tcp accept
	company/worker egress/gateway 8080/tcp accept
	company/reports outside 53/udp accept
	company/reports 198.51.100.7 8443/tcp accept
	company/reports [outside] icmpv6 accept
	company/reports 10.96.0.53 53/udp accept
	company/reports company/worker 80/tcp accept
	company/database outside 80/tcp accept
	egress/gateway company/worker 80/tcp accept
	egress/gateway 10.96.0.22 443/tcp accept
	egress/gateway 198.51.100.7 8443/tcp accept
	egress/gateway outside 53/udp accept
END

# Many are denied at once, and each is asked for below.
nl set --event-rate 1000000 > /dev/null
apply < "$policy_file"
expect_all_web deny "not by the gateway"
expect_all deny "not by the gateway"
leaves "not by the gateway" none
expect "what stays open" <<- END
	company/worker 10.96.0.53 53/udp accept
	company/worker kube-system/dns 53/tcp accept
	other/pod 198.51.100.7 8443/tcp accept
	other/pod outside 53/udp accept
END

# told DESCRIPTION POD DIRECTION PROTOCOL CLIENT SERVER POLICY: the line of
# nlctl monitor; the client's port is any.
told() {
	local client=${5//./\\.} server=${6//./\\.}
	server=${server//[/\\[}
	dropped "$1 is told of" \
		"$(drop_line "$2" "$3" "$4" "\\[?$client(\\]?:[0-9]+)?" "${server//]/\\]}" "NetworkPolicy $7")"
}

worker=${address4[company/worker]} worker6=${address6[company/worker]}
reports=${address4[company/reports]} reports6=${address6[company/reports]}
gateway4=${address4[egress/gateway]}
by_gateway="company/default-deny-egress, company/internet-by-gateway"
database_only="company/database-only, company/default-deny-egress"
told "a direct way" company/worker egress tcp "$worker" 198.51.100.7:443 "$by_gateway"
told "one of IPv6" company/worker egress tcp "$worker6" '[2001:db8::10]:443' "$by_gateway"
told "data by UDP" company/worker egress udp "$worker" 192.0.2.10:53 "$by_gateway"
told "data by another port" company/worker egress tcp "$worker" 198.51.100.7:8443 "$by_gateway"
told "data by ICMP" company/worker egress icmp "$worker" 192.0.2.10 "$by_gateway"
told "data by ICMPv6" company/worker egress icmpv6 "$worker6" 2001:db8::10 "$by_gateway"
told "the pod without internet" company/reports egress tcp "$reports" 198.51.100.7:443 "$database_only"
told "its IPv6" company/reports egress tcp "$reports6" '[2001:db8::10]:443' "$database_only"
told "its way to the gateway" company/reports egress tcp "$reports" "$gateway4:443" "$database_only"
told "who may not use the gateway" egress/gateway ingress tcp "${address4[other/pod]}" "$gateway4:443" egress/gateway
told "the gateway's way back in" egress/gateway egress tcp "$gateway4" "$worker:80" egress/gateway

expect_web "by the gateway" <<- END
	company/worker https://files.example.com/ outside -4
	company/worker https://files.example.com/ outside -6
	company/worker https://mirror.example.com/ outside -4
	company/worker https://secret.example.com/ error:35 -4
END
is "the server outside sees the gateway" "${answers[0]}" \
	"outside files.example.com 198.51.100.7 ${address4[egress/gateway]}"
is "by IPv6 as well" "${answers[2]}" \
	"outside mirror.example.com 2001:db8::10 ${address6[egress/gateway]}"
succeeds "300000 bytes by the gateway" in_pod company/worker curl -sS \
	--max-time "$deadline" --cacert "$work/certificate.pem" "${hosts[@]}" \
	-o "$work/received" https://files.example.com/data
succeeds "are the server's" cmp "$work/received" "$work/files/data"

# Cut off from the internet, the pod still has its database.
for address in "${address4[company/database]}" "${address6[company/database]}" 10.96.0.21; do
	database company/reports "$address" "$deadline" "set $address $RANDOM" "exists $address"
	is "the pod without internet has its database at $address" "$output" "OK 1"
done
database company/worker "${address4[company/database]}" $((patience * 3)) ping
is "the database is nobody else's" "$output" deny
told "who asks it in vain" company/worker egress tcp "$worker" "${address4[company/database]}:6379" "$by_gateway"

# The label opens the gateway, in the namespace that the gateway takes; other/pod
# has had it all the time.
labels[company/reports]+=,internet=by-gateway
apply < "$policy_file"
expect_web "with the label" <<- END
	company/reports https://files.example.com/ outside -4
	company/reports https://198.51.100.7/ deny
END
