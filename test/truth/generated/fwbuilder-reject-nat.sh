# needs: fwb_ipt
# FTP from Y under NAT; a last rule that rejects.
cat > /tmp/gateway.fwb <<'XML'
<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE FWObjectDatabase SYSTEM "fwbuilder.dtd">
<FWObjectDatabase xmlns="http://www.fwbuilder.org/1.0/" version="24" lastModified="1126515600" id="root">
  <Library id="syslib000" color="#d4f8ff" name="Standard" comment="" ro="True">
    <AnyNetwork id="sysid0" name="Any" comment="" ro="False" address="0.0.0.0" netmask="0.0.0.0"/>
    <AnyIPService id="sysid1" protocol_num="0" name="Any" comment="" ro="False"/>
    <AnyInterval id="sysid2" days_of_week="0,1,2,3,4,5,6" from_day="-1" from_hour="-1" from_minute="-1" from_month="-1" from_weekday="-1" from_year="-1" to_day="-1" to_hour="-1" to_minute="-1" to_month="-1" to_weekday="-1" to_year="-1" name="Any" comment="" ro="False"/>
  </Library>
  <Library id="id1" color="#d2ffd0" name="User" comment="" ro="False">
    <ObjectGroup id="id2" name="Objects" comment="" ro="False">
      <ObjectGroup id="id3" name="Networks" comment="" ro="False">
        <Network id="id4" name="Y" comment="" ro="False" address="10.79.2.0" netmask="255.255.255.0"/>
      </ObjectGroup>
    </ObjectGroup>
    <ServiceGroup id="id5" name="Services" comment="" ro="False">
      <ServiceGroup id="id6" name="TCP" comment="" ro="False">
        <TCPService id="id7" ack_flag="False" ack_flag_mask="False" established="False" fin_flag="False" fin_flag_mask="False" psh_flag="False" psh_flag_mask="False" rst_flag="False" rst_flag_mask="False" syn_flag="False" syn_flag_mask="False" urg_flag="False" urg_flag_mask="False" name="ftp" comment="" ro="False" src_range_start="0" src_range_end="0" dst_range_start="21" dst_range_end="21"/>
        <TCPService id="id8" ack_flag="False" ack_flag_mask="False" established="False" fin_flag="False" fin_flag_mask="False" psh_flag="False" psh_flag_mask="False" rst_flag="False" rst_flag_mask="False" syn_flag="False" syn_flag_mask="False" urg_flag="False" urg_flag_mask="False" name="high" comment="" ro="False" src_range_start="0" src_range_end="0" dst_range_start="1024" dst_range_end="65535"/>
      </ServiceGroup>
    </ServiceGroup>
    <ObjectGroup id="id9" name="Firewalls" comment="" ro="False">
      <Firewall id="id10" host_OS="linux24" inactive="False" lastCompiled="0" lastInstalled="0" lastModified="0" platform="iptables" version="1.4.20" name="gateway" comment="" ro="False">
        <NAT id="id11" name="NAT" comment="" ro="False" ipv4_rule_set="False" ipv6_rule_set="False" top_rule_set="True">
          <NATRule id="id200" disabled="False" position="0" action="Translate" comment="">
            <OSrc neg="False"><ObjectRef ref="id4"/></OSrc>
            <ODst neg="False"><ObjectRef ref="sysid0"/></ODst>
            <OSrv neg="False"><ServiceRef ref="sysid1"/></OSrv>
            <TSrc neg="False"><ObjectRef ref="id14"/></TSrc>
            <TDst neg="False"><ObjectRef ref="sysid0"/></TDst>
            <TSrv neg="False"><ServiceRef ref="sysid1"/></TSrv>
            <ItfInb neg="False"><ObjectRef ref="sysid0"/></ItfInb>
            <ItfOutb neg="False"><ObjectRef ref="sysid0"/></ItfOutb>
            <NATRuleOptions/>
          </NATRule>
          <RuleSetOptions/>
        </NAT>
        <Policy id="id12" name="Policy" comment="" ro="False" ipv4_rule_set="False" ipv6_rule_set="False" top_rule_set="True">
          <PolicyRule id="id100" disabled="False" log="False" position="0" action="Accept" direction="Both" comment="FTP from Y">
            <Src neg="False"><ObjectRef ref="id4"/></Src>
            <Dst neg="False"><ObjectRef ref="sysid0"/></Dst>
            <Srv neg="False"><ServiceRef ref="id7"/></Srv>
            <Itf neg="False"><ObjectRef ref="sysid0"/></Itf>
            <When neg="False"><IntervalRef ref="sysid2"/></When>
            <PolicyRuleOptions><Option name="stateless">False</Option></PolicyRuleOptions>
          </PolicyRule>
          <PolicyRule id="id101" disabled="False" log="False" position="1" action="Reject" direction="Both" comment="the rest">
            <Src neg="False"><ObjectRef ref="sysid0"/></Src>
            <Dst neg="False"><ObjectRef ref="sysid0"/></Dst>
            <Srv neg="False"><ServiceRef ref="sysid1"/></Srv>
            <Itf neg="False"><ObjectRef ref="sysid0"/></Itf>
            <When neg="False"><IntervalRef ref="sysid2"/></When>
            <PolicyRuleOptions><Option name="stateless">True</Option></PolicyRuleOptions>
          </PolicyRule>
          <RuleSetOptions/>
        </Policy>
        <Routing id="id13" name="Routing" comment="" ro="False" ipv4_rule_set="False" ipv6_rule_set="False" top_rule_set="True">
          <RuleSetOptions/>
        </Routing>
        <Interface id="id14" dedicated_failover="False" dyn="False" security_level="0" unnum="False" unprotected="False" name="ppp0" comment="" ro="False">
          <IPv4 id="id15" name="gateway:ppp0:ip" comment="" ro="False" address="198.19.79.3" netmask="255.255.255.0"/>
          <InterfaceOptions/>
        </Interface>
        <Interface id="id16" dedicated_failover="False" dyn="False" security_level="100" unnum="False" unprotected="False" name="eth1" comment="" ro="False">
          <IPv4 id="id17" name="gateway:eth1:ip" comment="" ro="False" address="10.79.2.1" netmask="255.255.255.0"/>
          <InterfaceOptions/>
        </Interface>
        <Management address="10.79.2.1">
          <SNMPManagement enabled="False" snmp_read_community="" snmp_write_community=""/>
          <FWBDManagement enabled="False" identity="" port="-1"/>
          <PolicyInstallScript arguments="" command="" enabled="False"/>
        </Management>
        <FirewallOptions>
          <Option name="accept_established">True</Option>
          <Option name="accept_new_tcp_with_no_syn">False</Option>
          <Option name="load_modules">False</Option>
          <Option name="configure_interfaces">False</Option>
          <Option name="firewall_is_part_of_any_and_networks">True</Option>
          <Option name="limit_value">0</Option>
          <Option name="log_level">info</Option>
          <Option name="log_prefix">RULE %N -- %A </Option>
          <Option name="action_on_reject">ICMP admin prohibited</Option>
        </FirewallOptions>
      </Firewall>
    </ObjectGroup>
  </Library>
</FWObjectDatabase>
XML
cd /tmp
fwb_ipt -f /tmp/gateway.fwb -o /tmp/gateway.fw gateway
sh /tmp/gateway.fw start
